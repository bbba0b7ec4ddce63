// A real HTTP(S) server that misbehaves on request: the other end of every scenario.
// It runs without an agent and writes what really went over the wire to a log, one JSON line when a
// request arrives and one when its answer is over, which the harness holds against the recording.
//
//   node server.mjs        listens on a free port of 127.0.0.1, prints {"http":N,"https":N}, ends with stdin
//
// SERVER_ALSO names servers beside these (`http2,grpc,websocket`), whose ports are printed with the others.
import { createHmac } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { pathToFileURL } from "node:url";
import { routes } from "./routes.mjs";

const certificate = {
  key: readFileSync(new URL("./test-key.pem", import.meta.url)),
  cert: readFileSync(new URL("./test-cert.pem", import.meta.url)),
};

/** Counts and keyed-hashes the bytes that `response` writes as its body. */
function meter(response, key) {
  const seen = { bytes: 0, hmac: createHmac("sha256", key) };
  const add = (chunk, encoding) => {
    // A route may go on writing when its client has left.
    if (seen.over || chunk === undefined || chunk === null || typeof chunk === "function") return;
    const bytes = typeof chunk === "string" ? Buffer.from(chunk, typeof encoding === "string" ? encoding : "utf8") : chunk;
    seen.bytes += bytes.length;
    seen.hmac.update(bytes);
  };
  for (const name of ["write", "end"]) {
    const original = response[name];
    response[name] = function (chunk, encoding, callback) {
      // `end(chunk)` calls `write` on some versions of Node: count outermost calls only.
      if (!seen.inside) add(chunk, encoding);
      const outer = seen.inside;
      seen.inside = true;
      try {
        return original.call(this, chunk, encoding, callback);
      } finally {
        seen.inside = outer;
      }
    };
  }
  return seen;
}

/** First 16 bytes as hex: the form of `*.body.hash` in the protocol. */
const short = (hmac) => hmac.digest("hex").slice(0, 32);

/** Answers one request by its route, reporting arrival and end through `log`. */
async function handle(request, response, { log, key, number }) {
  const url = new URL(request.url, "http://localhost");
  const entry = { number, method: request.method, path: request.url, traceparent: request.headers.traceparent };
  log({ ...entry, event: "arrived" });
  const sent = meter(response, key);
  response.on("close", () => {
    sent.over = true;
    const head = request.method === "HEAD" || response.statusCode === 204;
    log({
      ...entry,
      event: "over",
      status: response.headersSent ? response.statusCode : null,
      complete: response.writableFinished,
      response_bytes: head ? 0 : sent.bytes,
      response_hash: short(head ? createHmac("sha256", key) : sent.hmac),
      request_bytes: entry.requestBytes,
      request_hash: entry.requestHash,
    });
  });
  const chunks = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    return;
  }
  const body = Buffer.concat(chunks);
  entry.requestBytes = body.length;
  entry.requestHash = short(createHmac("sha256", key).update(body));
  const route = routes[url.pathname] ?? routes["/404"];
  route({ request, response, url, body });
}

/** Starts both servers, and those named in `also`, on free ports. Resolves to `{http, https, …, close}`. */
export async function start({ log = () => {}, key = Buffer.alloc(32), also = [] } = {}) {
  let number = 0;
  const listener = (request, response) => void handle(request, response, { log, key, number: ++number });
  const servers = [http.createServer(listener), https.createServer(certificate, listener)];
  // A test may rest between two calls on one connection: the server must not be the one who ends it.
  for (const server of servers) server.keepAliveTimeout = 30_000;
  await Promise.all(servers.map((server) => new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))));
  const others = {};
  for (const name of also) others[name] = await (await import(`./${name}.mjs`)).start(listener);
  return {
    ...others,
    http: servers[0].address().port,
    https: servers[1].address().port,
    close: () => servers.forEach((server) => (server.closeAllConnections(), server.close())),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = process.env.SERVER_LOG;
  const server = await start({
    log: file ? (entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`) : undefined,
    key: process.env.SERVER_KEY ? Buffer.from(process.env.SERVER_KEY, "hex") : undefined,
    also: process.env.SERVER_ALSO?.split(","),
  });
  const { close: _, ...ports } = server;
  console.log(JSON.stringify(ports));
  process.stdin.resume().on("end", () => process.exit(0));
}
