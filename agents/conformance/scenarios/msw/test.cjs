const assert = require("node:assert");
const { HttpResponse, delay, http, passthrough } = require("msw");
const { setupServer } = require("msw/node");
const { call } = require("../call.cjs");

const base = "http://api.example.test";

const server = setupServer(
  http.post(`${base}/users`, async ({ request }) => HttpResponse.json({ id: 7, ...(await request.json()) }, { status: 201 })),
  http.get(`${base}/users/7`, () => HttpResponse.json({ message: "Rate Exceeded" }, { status: 429, headers: { "retry-after": "1" } })),
  http.get(`${base}/late`, async () => (await delay(20), HttpResponse.text("late"))),
  http.get(`${base}/broken`, () => HttpResponse.error()),
  http.get(`${process.env.SERVER_URL}/json`, () => passthrough()),
);

describe("msw", () => {
  before(() => server.listen({ onUnhandledRequest: "bypass" }));
  after(() => server.close());
  it("answers fetch", async () => {
    const headers = { "content-type": "application/json", authorization: "Bearer never-in-spool" };
    const response = await fetch(`${base}/users`, { method: "POST", headers, body: '{"name":"Ada"}' });
    assert.deepEqual([response.status, await response.json()], [201, { id: 7, name: "Ada" }]);
  });
  it("throttles fetch", async () => assert.equal((await fetch(`${base}/users/7`)).status, 429));
  it("answers late", async () => assert.equal(await (await fetch(`${base}/late`)).text(), "late"));
  it("breaks fetch", () => assert.rejects(fetch(`${base}/broken`), TypeError));
  it("answers node:http", async () => assert.equal((await call("/users/7", { base })).status, 429));
  it("lets the real server through", async () => assert.equal((await fetch(`${process.env.SERVER_URL}/json`)).status, 200));
  it("lets the real server through for node:http", async () => assert.equal((await call("/json")).status, 200));
});
