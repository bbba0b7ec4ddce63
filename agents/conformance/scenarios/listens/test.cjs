const assert = require("node:assert");
const { once } = require("node:events");
const http = require("node:http");
const net = require("node:net");
const { join } = require("node:path");
const { call } = require("../call.cjs");

const path = join(process.env.WORK, "service.sock");

async function opened(server, ...where) {
  await once(server.listen(...where), "listening");
  return server;
}

async function closed(server) {
  server.close();
  await once(server, "close");
}

describe("listening", () => {
  for (const host of ["127.0.0.1", "0.0.0.0"]) {
    it(`on ${host}`, async () => closed(await opened(net.createServer(), 0, host)));
  }
  it("on no address in particular", async () => closed(await opened(net.createServer(), 0)));
  it("on a path", async () => {
    const server = await opened(http.createServer((request, response) => response.end("by path")), path);
    assert.equal(String((await call("/through", { base: "http://localhost", socketPath: path, agent: false })).body), "by path");
    await closed(server);
  });
});
