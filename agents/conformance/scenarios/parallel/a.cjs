const { call } = require("../call.cjs");

describe("file a", () => {
  it("calls", () => call("/json?file=a"));
  it("calls again", () => call("/json?file=a&again"));
});
