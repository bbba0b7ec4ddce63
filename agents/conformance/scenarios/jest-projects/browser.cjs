const { once } = require("node:events");
const http = require("node:http");

let server;
beforeAll(async () => {
  server = http.createServer((request, response) => response.writeHead(200, { "access-control-allow-origin": "*" }).end("for pages"));
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterAll(() => server.close());

it("is the same", (done) => {
  const request = new XMLHttpRequest();
  request.open("POST", `http://127.0.0.1:${server.address().port}/echo?browser`);
  request.onload = () => {
    expect(request.responseText).toBe("for pages");
    expect(document.title).toBe("");
    done();
  };
  request.send("from a page");
});
