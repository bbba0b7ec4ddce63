const assert = require("node:assert");
const { call } = require("../call.cjs");

describe("redirect", () => {
  it("is not followed by node:http", async () => assert.equal((await call("/redirect")).status, 302));
  it("is followed by fetch", async () => {
    const response = await fetch(`${process.env.SERVER_URL}/redirect?left=2`);
    assert.deepEqual(await response.json(), { ok: true });
  });
});
