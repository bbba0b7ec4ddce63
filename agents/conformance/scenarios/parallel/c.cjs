const { call } = require("../call.cjs");

describe("file c", () => {
  before(() => call("/json?file=c&fixture"));
  it("calls", () => call("/json?file=c"));
});
