// The project's own service: answers by itself or by asking the test server.
const http = require("node:http");
const { call } = require("../call.cjs");

const server = http.createServer(async (request, response) => {
  response.statusCode = request.url === "/health" ? 200 : (await call("/503?downstream")).status;
  response.end();
});
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
process.on("disconnect", () => server.close(() => process.exit(0)));
