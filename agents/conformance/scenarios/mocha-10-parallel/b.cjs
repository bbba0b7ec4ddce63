const { call } = require("../call.cjs");

describe("file b", () => {
  it("calls", () => call("/json?file=b"));
});
