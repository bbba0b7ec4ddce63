const assert = require("node:assert");
const { call } = require("../call.cjs");

describe("spool missing", () => {
  it("calls", async () => assert.equal((await call("/json")).status, 200));
});
