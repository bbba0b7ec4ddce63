const assert = require("node:assert");
const { once } = require("node:events");
const { join } = require("node:path");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const proto = loader.loadSync(join(__dirname, "../../server/greeter.proto"));
const { Greeter } = grpc.loadPackageDefinition(proto).conformance;
const connect = (address) => new Greeter(address, grpc.credentials.createInsecure());

/** Calls a unary method, as a promise. */
const hello = (client, request, metadata = new grpc.Metadata(), options = {}) =>
  new Promise((resolve, reject) => {
    const call = client.Hello(request, metadata, options, (error, reply) => (error ? reject(error) : resolve(reply)));
    if (options.cancel) setImmediate(() => call.cancel());
  });
const fails = (promise, code) => assert.rejects(promise, { code: grpc.status[code] });

describe("grpc", () => {
  let client;
  before((done) => {
    client = connect(process.env.SERVER_GRPC);
    client.waitForReady(Date.now() + 10_000, done);
  });
  after(() => client.close());

  it("calls", async () => {
    const metadata = new grpc.Metadata();
    metadata.set("authorization", "Bearer never-in-spool");
    metadata.set("x-request", "one");
    assert.equal((await hello(client, { name: "Ada", blob: Buffer.from([1, 2, 255]) }, metadata)).text, "hello Ada");
    assert.deepEqual(metadata.getMap(), { authorization: "Bearer never-in-spool", "x-request": "one" });
  });
  it("calls several at once", async () => {
    const replies = await Promise.all(["a", "b", "c"].map((name) => hello(client, { name })));
    assert.deepEqual(replies.map(({ text }) => text), ["hello a", "hello b", "hello c"]);
  });
  it("is throttled", () => fails(hello(client, { name: "throttled" }), "RESOURCE_EXHAUSTED"));
  it("is told that it is unavailable", () => fails(hello(client, { name: "unavailable" }), "UNAVAILABLE"));
  it("is told that there is none", () => fails(hello(client, { name: "missing" }), "NOT_FOUND"));
  it("exceeds its deadline", () => fails(hello(client, { name: "slow" }, undefined, { deadline: Date.now() + 200 }), "DEADLINE_EXCEEDED"));
  it("is cancelled", () => fails(hello(client, { name: "slow" }, undefined, { cancel: true }), "CANCELLED"));
  it("waits in vain", async function waits() {
    this.timeout(150);
    await hello(client, { name: "slow" }, undefined, { deadline: Date.now() + 60_000 });
  });
  it("receives a stream", async () => {
    const numbers = [];
    const stream = client.Count({ name: "three" });
    stream.on("data", ({ number }) => numbers.push(number));
    await once(stream, "end");
    assert.deepEqual(numbers, [1, 2, 3]);
  });
  it("receives a long stream", async () => {
    const stream = client.Count({ name: "many" });
    await once(stream.resume(), "end");
  });
  it("receives a stream that breaks", async () => {
    const stream = client.Count({ name: "broken" });
    const [error] = await once(stream.resume(), "error");
    assert.equal(error.code, grpc.status.INTERNAL);
  });
  it("sends a stream", async () => {
    const reply = await new Promise((resolve, reject) => {
      const stream = client.Collect((error, value) => (error ? reject(error) : resolve(value)));
      for (const name of ["a", "b"]) stream.write({ name });
      stream.end();
    });
    assert.equal(reply.number, 2);
  });
  it("talks", async () => {
    const stream = client.Chat();
    stream.write({ name: "hi" });
    assert.equal((await once(stream, "data"))[0].text, "echo hi");
    stream.end();
    await once(stream.resume(), "end");
  });
  it("goes through interceptors", async () => {
    const add = (options, next) =>
      new grpc.InterceptingCall(next(options), {
        start(metadata, listener, forward) {
          metadata.set("x-added", "by an interceptor");
          forward(metadata, listener);
        },
      });
    const wrapped = new Greeter(process.env.SERVER_GRPC, grpc.credentials.createInsecure(), { interceptors: [add] });
    assert.equal((await hello(wrapped, { name: "Ada" })).number, 1);
    wrapped.close();
  });
  it("loses its connection", async () => {
    const own = connect(process.env.SERVER_GRPC);
    await fails(hello(own, { name: "reset" }), "UNAVAILABLE");
    own.close();
  });
  it("finds nobody", async () => {
    const nobody = connect("127.0.0.1:1");
    await fails(hello(nobody, { name: "Ada" }), "UNAVAILABLE");
    nobody.close();
  });
});
