const assert = require("node:assert");
const http2 = require("node:http2");
const { once } = require("node:events");

const base = `http://${process.env.SERVER_HTTP2}`;

/** One request on `session`, as a promise of its status and body. */
function ask(session, headers, body) {
  const stream = session.request(headers);
  stream.end(body);
  return new Promise((resolve, reject) => {
    const chunks = [];
    let status;
    stream.on("response", (head) => (status = head[":status"]));
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("close", () => resolve({ status, body: Buffer.concat(chunks).toString() }));
  });
}

describe("http2", () => {
  let session;
  beforeEach(() => {
    session = http2.connect(base);
    session.on("error", () => {});
  });
  afterEach(() => session.destroy());

  it("asks", async () => assert.deepEqual(await ask(session, { ":path": "/json" }), { status: 200, body: '{"ok":true}' }));
  it("posts on the same connection, with a credential", async () => {
    await ask(session, { ":path": "/json?first" });
    const headers = { ":method": "POST", ":path": "/echo", "content-type": "text/plain", authorization: "Bearer never-in-spool" };
    assert.equal((await ask(session, headers, "text")).body, "text");
  });
  it("asks for several things at once", async () => {
    const answers = await Promise.all([1, 2, 3].map((number) => ask(session, { ":path": `/json?${number}` })));
    assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200]);
  });
  it("is throttled", async () => assert.equal((await ask(session, { ":path": "/429" })).status, 429));
  it("has nothing in its answer", async () => assert.equal((await ask(session, { ":path": "/204" })).status, 204));
  it("has a large answer", async () => assert.equal((await ask(session, { ":path": "/large" })).body.length, 5_000_000));
  it("is refused by the stream", () => assert.rejects(ask(session, { ":path": "/h2/refused" }), { code: "ERR_HTTP2_STREAM_ERROR" }));
  it("is cut midway", () => assert.rejects(ask(session, { ":path": "/h2/cut-midway" }), { code: "ERR_HTTP2_STREAM_ERROR" }));
  it("is sent away", async () => assert.equal((await ask(session, { ":path": "/h2/goaway" })).status, undefined));
  it("gives up", async () => {
    const stream = session.request({ ":path": "/h2/hangs" });
    stream.setTimeout(50, () => stream.close(http2.constants.NGHTTP2_CANCEL));
    await once(stream, "close");
  });
  it("is aborted by a signal", async () => {
    const abort = new AbortController();
    const stream = session.request({ ":path": "/h2/hangs?signal" }, { signal: abort.signal });
    const failed = once(stream, "error");
    await once(session, "remoteSettings");
    abort.abort();
    assert.equal((await failed)[0].name, "AbortError");
  });
  it("hangs", async function hangs() {
    this.timeout(100);
    await ask(session, { ":path": "/h2/hangs?test" });
  });
  it("finds nobody", async () => {
    const nobody = http2.connect("http://127.0.0.1:1");
    nobody.on("error", () => {});
    await assert.rejects(ask(nobody, { ":path": "/" }), { code: /^(ECONNREFUSED|ERR_HTTP2_STREAM_CANCEL)$/ });
  });
  it("asks for nothing that can be sent", () => assert.throws(() => session.request({ ":path": "/json", "bad header": "x" }), { code: "ERR_INVALID_HTTP_TOKEN" }));
});
