const { call } = require("../call.cjs");

it("has hooks from elsewhere", () => call("/json?test=1"));

describe("suite", () => {
  it("has them too", () => call("/json?test=2"));
});
