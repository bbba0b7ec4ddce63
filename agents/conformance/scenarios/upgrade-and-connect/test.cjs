const assert = require("node:assert");
const http = require("node:http");
const { once } = require("node:events");

describe("unusual answers", () => {
  let server;
  let port;

  before(async () => {
    server = http.createServer((request, response) => request.resume().on("end", () => response.end("done")));
    server.on("upgrade", (request, socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\nhello"));
    server.on("connect", (request, socket) => socket.end("HTTP/1.1 200 Connection Established\r\n\r\n"));
    await once(server.listen(0, "127.0.0.1"), "listening");
    port = server.address().port;
  });
  after(() => server.close());

  it("is told to continue", async () => {
    const request = http.request({ port, host: "127.0.0.1", method: "PUT", headers: { expect: "100-continue" } });
    request.flushHeaders();
    await once(request, "continue");
    request.end("the body");
    const [response] = await once(request, "response");
    assert.equal(response.statusCode, 200);
    await once(response.resume(), "end");
  });
  it("is upgraded", async () => {
    const request = http.get({ port, host: "127.0.0.1", headers: { connection: "Upgrade", upgrade: "test" } });
    const [response, socket] = await once(request, "upgrade");
    assert.equal(response.statusCode, 101);
    socket.destroy();
  });
  it("is connected", async () => {
    const request = http.request({ port, host: "127.0.0.1", method: "CONNECT", path: "example.test:443" }).end();
    const [response, socket] = await once(request, "connect");
    assert.equal(response.statusCode, 200);
    socket.destroy();
  });
});
