const assert = require("node:assert");
const http = require("node:http");
const { call } = require("../call.cjs");

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

describe("keep-alive", () => {
  after(() => agent.destroy());
  for (const number of [1, 2, 3]) {
    it(`is test ${number}`, async () => {
      assert.equal((await call(`/json?test=${number}`, { agent })).status, 200);
    });
  }
  it("queues two calls on one connection", async () => {
    await Promise.all([call("/json?queued=1", { agent }), call("/json?queued=2", { agent })]);
  });
});
