const assert = require("node:assert");
const { call } = require("../call.cjs");

describe("bail", () => {
  after(() => call("/json?after"));
  it("passes", () => call("/json"));
  it("fails", async () => assert.equal((await call("/503")).status, 200, "unavailable"));
  it("never runs", () => call("/json?never"));
});
