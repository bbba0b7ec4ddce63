const assert = require("node:assert");
const { call } = require("../call.cjs");

const LENGTH = 5_000_000;

describe("large", () => {
  it("receives", async () => assert.equal((await call("/large")).body.length, LENGTH));
  it("receives by fetch", async () => {
    const response = await fetch(`${process.env.SERVER_URL}/large`);
    assert.equal((await response.arrayBuffer()).byteLength, LENGTH);
  });
  it("sends", async () => {
    const { body } = await call("/count", { method: "POST", headers: { "content-type": "text/plain" }, body: Buffer.alloc(LENGTH, "x") });
    assert.deepEqual(JSON.parse(body), { bytes: LENGTH });
  });
});
