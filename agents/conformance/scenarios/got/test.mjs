import assert from "node:assert";
import got from "got";

const base = process.env.SERVER_URL;
const retry = { limit: 1, calculateDelay: ({ computedValue }) => (computedValue > 0 ? 1 : 0) };

describe("got", () => {
  it("gets", async () => assert.deepEqual(await got(`${base}/json`).json(), { ok: true }));
  it("posts", async () => assert.deepEqual(await got.post(`${base}/echo`, { json: { a: 1 } }).json(), { a: 1 }));
  it("retries a 500", async () => assert.deepEqual(await got(`${base}/flaky?key=got`, { retry }).json(), { tries: 2 }));
  it("decompresses", async () => assert.match(await got(`${base}/br`).text(), /ünïcode/));
  it("times out", () => assert.rejects(got(`${base}/hang`, { timeout: { request: 100 }, retry: { limit: 0 } }), { name: "TimeoutError" }));
});
