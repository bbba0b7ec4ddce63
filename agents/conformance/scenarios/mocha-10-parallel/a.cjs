const { call } = require("../call.cjs");

describe("file a", () => {
  it("calls", () => call("/json?file=a"));
});
