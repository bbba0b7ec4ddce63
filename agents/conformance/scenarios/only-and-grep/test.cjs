const { call } = require("../call.cjs");

describe("filter", () => {
  it.only("wanted", () => call("/json?wanted"));
  it("wanted but not only", () => call("/json?not-only"));
  it.only("left out", () => call("/json?left-out"));
});
