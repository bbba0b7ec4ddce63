const assert = require("node:assert");
const { call } = require("../call.cjs");

describe("lambda", () => {
  it("invokes", async () => {
    const { status, body } = await call("/429", { method: "POST", headers: { "content-type": "application/json" }, body: '{"user":1}' });
    assert.equal(status, 200, `answered ${status}: ${body}`);
  });
});
