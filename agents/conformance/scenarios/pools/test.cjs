const assert = require("node:assert");
const { AsyncResource } = require("node:async_hooks");
const { EventEmitter } = require("node:events");
const http = require("node:http");
const { join } = require("node:path");
const genericPool = require("generic-pool");
const Piscina = require("piscina");
const { call } = require("../call.cjs");

/** A queue that one loop works off, whoever puts something in. `bind` says how a job keeps whose it is. */
class Queue {
  constructor(bind) {
    this.bind = bind;
    this.jobs = [];
    this.added = new EventEmitter();
  }
  add(job) {
    return new Promise((resolve, reject) => {
      this.jobs.push(this.bind(() => job().then(resolve, reject)));
      this.added.emit("added");
    });
  }
  start() {
    this.added.on("added", async () => {
      for (let job = this.jobs.shift(); job; job = this.jobs.shift()) await job();
    });
  }
}

describe("pools", () => {
  const threads = new Piscina({ filename: join(__dirname, "task.cjs"), maxThreads: 1 });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const emitter = new EventEmitter();
  const bound = new Queue((job) => AsyncResource.bind(job));
  const resources = genericPool.createPool({ create: async () => ({ call }), destroy: async () => {} }, { max: 1 });
  let ticks;
  before(() => {
    bound.start();
    emitter.on("ask", (path, done) => call(path).then(done));
    // Work of the fixture, which goes on beside all tests.
    ticks = call("/json?fixture");
    return ticks;
  });
  after(async () => {
    agent.destroy();
    await resources.drain().then(() => resources.clear());
    await threads.destroy();
  });

  for (const name of ["first", "second"]) {
    describe(name, () => {
      it("of threads", async () => assert.equal(await threads.run(`/json?thread-${name}`), 200));
      it("of connections", async () => {
        await Promise.all([call(`/json?a-${name}`, { agent }), call(`/json?b-${name}`, { agent })]);
      });
      it("of resources", async () => {
        const use = async (path) => {
          const resource = await resources.acquire();
          await resource.call(path);
          await resources.release(resource);
        };
        await Promise.all([use(`/json?resource-a-${name}`), use(`/json?resource-b-${name}`)]);
      });
      it("of listeners", () => new Promise((resolve) => emitter.emit("ask", `/json?event-${name}`, resolve)));
      it("of jobs", async () => void (await Promise.all(["a", "b"].map((job) => bound.add(() => call(`/json?job-${job}-${name}`))))));
      it("of timers", (done) => void setTimeout(() => setImmediate(() => call(`/json?timer-${name}`).then(() => done())), 5));
    });
  }
});
