const assert = require("node:assert");
const { rmSync } = require("node:fs");
const { call } = require("../call.cjs");

describe("spool removed", () => {
  it("records", () => call("/json?test=1"));
  it("loses its folder", () => {
    if (process.env.FLAKESCOPE_SPOOL) rmSync(process.env.FLAKESCOPE_SPOOL, { recursive: true });
  });
  it("calls all the same", async () => assert.equal((await call("/json?test=3")).status, 200));
  it("fails all the same", async () => assert.equal((await call("/503")).status, 200, "unavailable"));
});
