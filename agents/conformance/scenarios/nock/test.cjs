const assert = require("node:assert");
const nock = require("nock");
const { call } = require("../call.cjs");

const base = "http://api.example.test";

describe("nock", () => {
  afterEach(() => nock.cleanAll());
  after(() => nock.restore());
  it("answers node:http", async () => {
    nock(base).post("/users", { name: "Ada" }).reply(201, { id: 7 });
    const options = { base, method: "POST", headers: { "content-type": "application/json" }, body: '{"name":"Ada"}' };
    assert.equal((await call("/users", options)).status, 201);
  });
  it("answers fetch", async () => {
    nock(base).get("/users/7").reply(404, { message: "no such user" });
    assert.equal((await fetch(`${base}/users/7`)).status, 404);
  });
  it("fails as told", async () => {
    nock(base).get("/broken").replyWithError(Object.assign(new Error("mocked reset"), { code: "ECONNRESET" }));
    await assert.rejects(call("/broken", { base }), { code: "ECONNRESET" });
  });
  it("lets the real server through", async () => assert.equal((await call("/json")).status, 200));
});
