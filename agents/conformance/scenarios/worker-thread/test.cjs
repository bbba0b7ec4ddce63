const assert = require("node:assert");
const { once } = require("node:events");
const { join } = require("node:path");
const { Worker } = require("node:worker_threads");

describe("threads", () => {
  it("wait for a worker", async () => {
    const worker = new Worker(join(__dirname, "worker.cjs"));
    // Both are listened for from the beginning: Node may hand over the message and the exit in one turn.
    const exited = once(worker, "exit");
    const [status] = await once(worker, "message");
    assert.equal(status, 200);
    await exited;
  });
});
