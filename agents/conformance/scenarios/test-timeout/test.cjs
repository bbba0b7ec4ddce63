const { call } = require("../call.cjs");

describe("patience of the runner", () => {
  it("runs out", () => call("/hang"));
  it("and the next test is not harmed", () => call("/json"));
});
