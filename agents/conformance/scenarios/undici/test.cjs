const assert = require("node:assert");
const { Writable } = require("node:stream");
const { Pool, fetch, request, stream } = require("undici");

const TEXT_LENGTH = 6790;
const base = process.env.SERVER_URL;

describe("undici", () => {
  it("requests", async () => {
    const { statusCode, body } = await request(`${base}/json`);
    assert.equal(statusCode, 200);
    assert.deepEqual(await body.json(), { ok: true });
  });
  it("posts", async () => {
    const { body } = await request(`${base}/echo`, { method: "POST", headers: { "content-type": "text/plain" }, body: "text" });
    assert.equal(await body.text(), "text");
  });
  it("fetches", async () => assert.equal((await (await fetch(`${base}/gzip`)).text()).length, TEXT_LENGTH));
  it("streams", async () => {
    let length = 0;
    const sink = () => new Writable({ write: (chunk, _, done) => ((length += chunk.length), done()) });
    await stream(`${base}/stream`, { method: "GET" }, sink);
    assert.equal(length, 40);
  });
  it("uses a pool", async () => {
    const pool = new Pool(base, { connections: 1 });
    const answers = await Promise.all(["/json?1", "/json?2"].map((path) => pool.request({ path, method: "GET" })));
    for (const { body } of answers) await body.dump();
    await pool.close();
  });
  it("is reset", () => assert.rejects(request(`${base}/reset`), { code: "ECONNRESET" }));
});
