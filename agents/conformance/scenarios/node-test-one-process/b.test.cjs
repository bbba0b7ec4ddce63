const assert = require("node:assert");
const { describe, it } = require("node:test");
const { call } = require("../call.cjs");

describe("file b", () => {
  it("fails", async () => assert.equal((await call("/503?file=b")).status, 200));
});
