// One call with node:http to the test server, as a promise: what most scenarios need.
const http = require("node:http");
const https = require("node:https");

/** Resolves to `{status, headers, body}` when the answer is over; rejects with the client's own error. */
exports.call = (path, { body, base = process.env.SERVER_URL, ...options } = {}) =>
  new Promise((resolve, reject) => {
    const url = new URL(path, base);
    const client = url.protocol === "https:" ? https : http;
    const request = client.request(url, options, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    request.on("error", reject);
    request.end(body);
  });
