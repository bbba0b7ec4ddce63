import assert from "node:assert";
import client from "got";

const base = process.env.SERVER_URL;
// What got accepts by itself depends on the codings that Node knows.
const got = client.extend({ headers: { "accept-encoding": "gzip, br" } });
const retry = { limit: 1, calculateDelay: ({ computedValue }) => (computedValue > 0 ? 1 : 0) };

describe("got", () => {
  it("gets", async () => assert.deepEqual(await got(`${base}/json`).json(), { ok: true }));
  it("posts", async () => assert.deepEqual(await got.post(`${base}/echo`, { json: { a: 1 } }).json(), { a: 1 }));
  it("retries a 500", async () => assert.deepEqual(await got(`${base}/flaky?key=got`, { retry }).json(), { tries: 2 }));
  it("decompresses", async () => assert.match(await got(`${base}/br`).text(), /ünïcode/));
  it("times out", () => assert.rejects(got(`${base}/hang`, { timeout: { request: 400 }, retry: { limit: 0 } }), { name: "TimeoutError" }));
});
