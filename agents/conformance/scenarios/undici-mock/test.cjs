const assert = require("node:assert");
const { MockAgent, fetch, getGlobalDispatcher, request, setGlobalDispatcher } = require("undici");

const base = "http://api.example.test";

describe("undici MockAgent", () => {
  const before_ = getGlobalDispatcher();
  const agent = new MockAgent();
  before(() => {
    agent.disableNetConnect();
    agent.enableNetConnect(/^127\.0\.0\.1/);
    setGlobalDispatcher(agent);
  });
  after(() => {
    setGlobalDispatcher(before_);
    return agent.close();
  });
  it("answers request", async () => {
    agent.get(base).intercept({ path: "/users", method: "POST" }).reply(201, { id: 7 }, { headers: { "content-type": "application/json" } });
    const { statusCode, body } = await request(`${base}/users`, { method: "POST", headers: { "content-type": "application/json" }, body: '{"name":"Ada"}' });
    assert.deepEqual([statusCode, await body.json()], [201, { id: 7 }]);
  });
  it("answers fetch", async () => {
    agent.get(base).intercept({ path: "/users/7" }).reply(503, "busy");
    assert.equal((await fetch(`${base}/users/7`, { headers: { authorization: "Bearer never-in-spool" } })).status, 503);
  });
  it("answers late", async () => {
    agent.get(base).intercept({ path: "/late" }).reply(200, "late").delay(10);
    assert.equal(await (await request(`${base}/late`)).body.text(), "late");
  });
  it("breaks", async () => {
    agent.get(base).intercept({ path: "/broken" }).replyWithError(Object.assign(new Error("mocked reset"), { code: "ECONNRESET" }));
    await assert.rejects(request(`${base}/broken`), { code: "ECONNRESET" });
  });
  it("refuses what it does not know", () => assert.rejects(request(`${base}/unknown`), { code: "UND_MOCK_ERR_MOCK_NOT_MATCHED" }));
  it("lets the real server through", async () => {
    const { body } = await request(`${process.env.SERVER_URL}/json`);
    assert.deepEqual(await body.json(), { ok: true });
  });
});
