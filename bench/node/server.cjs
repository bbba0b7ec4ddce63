// The service that the suite calls, and a sink for what the other agents export: a process of its own, so that its work
// is not counted. Prints both addresses and ends when its input does.
const http = require("node:http");

function answer(request, response) {
  request.resume().on("end", () => {
    if (request.url.startsWith("/v1/")) return response.writeHead(200, { "content-type": request.headers["content-type"] || "" }).end();
    const text = JSON.stringify({ path: request.url, filler: "x".repeat(500) });
    return response.writeHead(200, { "content-type": "application/json" }).end(text);
  });
}

function listen(host) {
  return new Promise((resolve) => {
    const server = http.createServer(answer);
    server.listen(0, host, () => resolve(`http://${host}:${server.address().port}`));
  });
}

// The sink has an address of its own: one of the agents does not record calls to the host that it exports to.
Promise.all([listen("127.0.0.1"), listen("127.0.0.2")]).then((addresses) => console.log(addresses.join(" ")));
process.stdin.resume().on("end", () => process.exit(0));
