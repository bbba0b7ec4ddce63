const { call } = require("../call.cjs");

describe("between set-up and tear-down", () => {
  it("passes", () => call("/json?test"));
});
