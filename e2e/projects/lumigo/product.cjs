// The product: signs users up, and invokes their functions, which a provider throttles. Ends with the test's process.
"use strict";
const { createServer } = require("node:http");

const ANSWERS = {
  "POST /users": [201, { "set-cookie": "sid=c00kiec00kiec00kie; HttpOnly" }, { id: "u-1", plan: "free" }],
  "POST /functions/invoke": [
    429,
    { "retry-after": "2" },
    { __type: "TooManyRequestsException", message: "Rate Exceeded" },
  ],
  "GET /health": [200, {}, { ok: true }],
};

const server = createServer((request, response) => {
  const [status, headers, body] = ANSWERS[`${request.method} ${request.url.split("?")[0]}`] ?? [404, {}, {}];
  request.resume().on("end", () => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  });
});
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
process.on("disconnect", () => process.exit());
