const assert = require("node:assert");
const http = require("node:http");
const { PassThrough } = require("node:stream");
const sinon = require("sinon");
const { call } = require("../call.cjs");

describe("fakes", () => {
  afterEach(() => sinon.restore());
  it("of fetch", async () => {
    sinon.stub(globalThis, "fetch").resolves(new Response("faked"));
    assert.equal(await (await fetch("http://api.example.test/")).text(), "faked");
  });
  it("of http.request", () => {
    sinon.stub(http, "request").returns(new PassThrough());
    http.request("http://api.example.test/").end();
    assert.equal(http.request.callCount, 1);
  });
  it("are gone afterwards", async () => assert.equal((await call("/json")).status, 200));
});
