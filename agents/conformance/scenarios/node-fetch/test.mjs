import assert from "node:assert";
import fetch from "node-fetch";

const base = process.env.SERVER_URL;

describe("node-fetch", () => {
  it("gets", async () => assert.deepEqual(await (await fetch(`${base}/json`)).json(), { ok: true }));
  it("posts", async () => assert.equal(await (await fetch(`${base}/echo`, { method: "POST", body: "text" })).text(), "text"));
  it("follows redirects", async () => assert.equal((await fetch(`${base}/redirect?left=2`)).status, 200));
  it("decompresses", async () => assert.match(await (await fetch(`${base}/gzip`)).text(), /ünïcode/));
});
