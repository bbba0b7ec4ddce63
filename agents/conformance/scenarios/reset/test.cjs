const assert = require("node:assert");
const net = require("node:net");
const { call } = require("../call.cjs");

/** A port of 127.0.0.1 where nobody listens. */
const freePort = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

describe("broken connections", () => {
  it("is reset before the answer", () => assert.rejects(call("/reset"), { code: "ECONNRESET" }));
  it("is reset amid the answer", () => assert.rejects(call("/reset-midway"), { code: "ECONNRESET" }));
  it("ends amid the answer", () => assert.rejects(call("/end-midway")));
  it("ends amid the answer to fetch", async () => {
    const response = await fetch(`${process.env.SERVER_URL}/end-midway`);
    await assert.rejects(response.text());
  });
  it("is refused", async () => {
    const base = `http://127.0.0.1:${await freePort()}`;
    await assert.rejects(call("/", { base }), { code: "ECONNREFUSED" });
  });
  it("has no such host", () => assert.rejects(call("/", { base: "http://no-such-host.invalid" })));
  it("is reset under fetch", () => assert.rejects(fetch(`${process.env.SERVER_URL}/reset`), { name: "TypeError" }));
});
