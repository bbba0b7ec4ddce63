// Tests that wait for the spec that looks on: each goes on when the spec makes a file of its name in GATES.
const assert = require("node:assert");
const { existsSync } = require("node:fs");
const http = require("node:http");
const path = require("node:path");

/** Waits until the spec lets the test go on. */
async function gate(name) {
  const file = path.join(process.env.GATES, name);
  while (!existsSync(file)) await new Promise((next) => setTimeout(next, 20));
}

describe("a run that goes on", () => {
  let server;
  let address;

  before((done) => {
    server = http.createServer((request, response) => {
      response.writeHead(request.url === "/stock" ? 503 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify({ path: request.url }));
    });
    server.listen(0, "127.0.0.1", () => {
      address = `http://127.0.0.1:${server.address().port}`;
      done();
    });
  });

  after((done) => server.close(done));

  it("orders", async () => {
    await gate("orders");
    assert.equal((await fetch(`${address}/orders`)).status, 200);
  });

  it("reads the stock", async () => {
    const answer = await fetch(`${address}/stock`);
    await gate("stock");
    assert.equal(answer.status, 200);
  });

  it("ships", async () => {
    await gate("ships");
    assert.equal((await fetch(`${address}/shipments`)).status, 200);
  });
});
