const { call } = require("../call.cjs");

describe("programmatic", () => {
  it("calls", () => call("/json"));
});
