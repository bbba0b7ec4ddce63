const assert = require("node:assert");
const http = require("node:http");
const { call } = require("../call.cjs");

const base = process.env.SERVER_URL;

describe("invalid", () => {
  it("has an invalid header", () => assert.throws(() => http.get(base, { headers: { "x-bad": "line\nbreak" } }), { code: "ERR_INVALID_CHAR" }));
  it("has an invalid path", () => assert.throws(() => http.get({ host: "127.0.0.1", path: "/with space" }), { code: "ERR_UNESCAPED_CHARACTERS" }));
  it("has an unknown protocol", () => assert.throws(() => http.get("ftp://127.0.0.1/"), { code: "ERR_INVALID_PROTOCOL" }));
  it("was aborted before", () => assert.rejects(call("/json", { signal: AbortSignal.abort() }), { name: "AbortError" }));
  it("was aborted before under fetch", () => assert.rejects(fetch(base, { signal: AbortSignal.abort() }), { name: "AbortError" }));
  it("has an invalid url under fetch", () => assert.rejects(fetch("http://"), { name: "TypeError" }));
  it("and the next call is not harmed", async () => assert.equal((await call("/json", { agent: new http.Agent() })).status, 200));
});
