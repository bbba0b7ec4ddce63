const { call } = require("../call.cjs");

describe("suite with a failing beforeEach", () => {
  beforeEach("prepare or clean up", async () => {
    await call("/503");
    throw new Error("the hook failed");
  });
  it("is the first", () => call("/json?test=1"));
  it("is the second", () => call("/json?test=2"));
});

describe("suite beside it", () => {
  it("runs all the same", () => call("/json?test=3"));
});
