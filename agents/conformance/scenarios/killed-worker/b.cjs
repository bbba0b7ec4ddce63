const { call } = require("../call.cjs");

describe("spared", () => {
  it("calls", () => call("/json?file=b"));
});
