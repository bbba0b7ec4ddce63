const assert = require("node:assert");
const nock = require("nock-13");
const { call } = require("../call.cjs");

const base = "http://api.example.test";

describe("nock 13", () => {
  afterEach(() => nock.cleanAll());
  after(() => nock.restore());
  it("answers node:http", async () => {
    nock(base).post("/users", { name: "Ada" }).reply(201, { id: 7 });
    const options = { base, method: "POST", headers: { "content-type": "application/json" }, body: '{"name":"Ada"}' };
    assert.equal((await call("/users", options)).status, 201);
  });
  it("answers a request with a limit", async () => {
    nock(base).get("/users/7").reply(404, { message: "no such user" });
    assert.equal((await call("/users/7", { base, timeout: 5000, headers: { authorization: "Bearer never-in-spool" } })).status, 404);
  });
  it("answers by a function", async () => {
    nock(base).put("/users/7").reply((uri, body) => [200, { uri, body }, { "x-by": "nock" }]);
    assert.equal((await call("/users/7", { base, method: "PUT", body: "text" })).headers["x-by"], "nock");
  });
  it("answers late", async () => {
    nock(base).get("/late").delay(50).reply(200, "late");
    await assert.rejects(
      new Promise((resolve, reject) => {
        const request = require("node:http").get(`${base}/late`, resolve);
        request.on("error", reject);
        request.on("socket", () => setTimeout(() => request.destroy(new Error("too late")), 5));
      }),
      /too late/,
    );
  });
  it("refuses what it does not know", async () => {
    nock.disableNetConnect();
    nock(base).get("/known").reply(200);
    await assert.rejects(call("/unknown", { base }), /No match for request/);
    await assert.rejects(call("/json", { base: "http://127.0.0.1:9" }), { code: "ENETUNREACH" });
    nock.enableNetConnect();
  });
  it("fails as told", async () => {
    nock(base).get("/broken").replyWithError(Object.assign(new Error("mocked reset"), { code: "ECONNRESET" }));
    await assert.rejects(call("/broken", { base }), { code: "ECONNRESET" });
  });
  it("lets the real server through", async () => assert.equal((await call("/json")).status, 200));
});
