const assert = require("node:assert");
const { call } = require("../call.cjs");

describe("shop", () => {
  it("answers", async () => {
    const { status } = await call("/json");
    assert.equal(status, 200);
  });
});
