const assert = require("node:assert");
const { fork } = require("node:child_process");
const { once } = require("node:events");
const { join } = require("node:path");
const { call } = require("../call.cjs");

describe("own service", () => {
  let service;
  let base;

  before(async () => {
    service = fork(join(__dirname, "service.cjs"));
    const [port] = await once(service, "message");
    base = `http://127.0.0.1:${port}`;
  });
  after(async () => {
    service.disconnect();
    await once(service, "exit");
  });

  it("answers", async () => assert.equal((await call("/health", { base })).status, 200));
  it("calls on", async () => assert.equal((await call("/through", { base, method: "POST", body: "order" })).status, 503));
});
