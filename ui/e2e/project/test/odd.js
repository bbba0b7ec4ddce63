// A negative test that makes one error of all refusals, and so passes on any: 404, or what STATUS says.
const assert = require("node:assert");
const http = require("node:http");

describe("an order", () => {
  let server;

  before((done) => {
    server = http.createServer((_, response) => {
      response.writeHead(Number(process.env.STATUS ?? 404), { "content-type": "application/json" });
      response.end("{}");
    });
    server.listen(0, "127.0.0.1", done);
  });

  after((done) => {
    server.closeAllConnections();
    server.close(done);
  });

  it("is refused when there is none", async () => {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}/orders/none`);
    assert.ok(!answer.ok);
  });

  it("needs nobody", () => {});
});
