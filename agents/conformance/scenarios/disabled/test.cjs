const assert = require("node:assert");
const { call } = require("../call.cjs");

describe("disabled", () => {
  it("calls", async () => assert.equal((await call("/json")).status, 200));
  it("is not changed", () => assert.equal(require("node:http").request.toString().includes("[native code]"), false));
});
