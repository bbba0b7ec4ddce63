const assert = require("node:assert");
const { once } = require("node:events");
const { join } = require("node:path");
const { Worker } = require("node:worker_threads");

describe("threads", () => {
  it("wait for a worker", async () => {
    const worker = new Worker(join(__dirname, "worker.cjs"));
    const [status] = await once(worker, "message");
    assert.equal(status, 200);
    await once(worker, "exit");
  });
});
