const assert = require("node:assert");
const { call } = require("../call.cjs");

describe("with spaces", () => {
  it("calls", async () => assert.equal((await call("/json")).status, 200));
});
