// The misbehaviours of the test server, one entry per path.
// A route gets the request, the response, the parsed URL and the whole request body.
// Everything it answers is the same in every run, so that recordings can be compared byte for byte.
import { constants } from "node:http2";
import { brotliCompressSync, gzipSync } from "node:zlib";

const CHUNKS = 5;
const LARGE_BYTES = 5_000_000;

/** How often each `/flaky?key=…` was asked, for the life of this server. */
const asked = new Map();

function json(response, status, value, headers = {}) {
  const body = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...headers });
  response.end(body);
}

function encoded(response, coding, bytes) {
  response.writeHead(200, { "content-type": "text/plain", "content-encoding": coding, "content-length": bytes.length });
  response.end(bytes);
}

function stream(response, left = CHUNKS) {
  if (left === 0) return response.end();
  response.write(`chunk ${CHUNKS - left + 1}\n`);
  setImmediate(stream, response, left - 1);
}

function resetMidway(response) {
  response.writeHead(200, { "content-type": "text/plain", "content-length": 1000 });
  response.write("the first part", () => response.socket.resetAndDestroy());
}

function endMidway(response) {
  response.writeHead(200, { "content-type": "text/plain", "content-length": 1000 });
  response.write("the first part", () => response.socket.end());
}

/** Head and a first part, and then nothing for as long as the client stays. */
function refuseHalfway(response) {
  response.writeHead(429, { "content-type": "text/plain", "content-length": 1000, "retry-after": "1" });
  response.write("the first part");
}

function redirect(response, left) {
  const location = left > 1 ? `/redirect?left=${left - 1}` : "/json";
  response.writeHead(302, { location, "content-length": 0 });
  response.end();
}

function cutStream({ stream }) {
  stream.respond({ ":status": 200, "content-type": "text/plain" });
  stream.write("the first part", () => stream.destroy(new Error("cut on purpose")));
}

function trailers(response) {
  response.writeHead(200, { "content-type": "text/plain", trailer: "x-checksum" });
  response.write("body");
  response.addTrailers({ "x-checksum": "841a2d689ad86bd1611447453c22c6fc" });
  response.end();
}

/** 300 lines of a fixed text: long enough that a compressed answer is shorter. */
export const TEXT = Array.from({ length: 300 }, (_, line) => `line ${line}: ünïcode text\n`).join("");

/** Deterministic text of 5 MB. */
export const LARGE = Buffer.alloc(LARGE_BYTES, "0123456789abcdef\n");

/** Every byte value once: not valid in any text encoding. */
export const BINARY = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

export const routes = {
  "/json": ({ response }) => json(response, 200, { ok: true }),
  "/echo": ({ request, response, body }) => {
    response.writeHead(200, { "content-type": request.headers["content-type"] ?? "application/octet-stream", "content-length": body.length });
    response.end(body);
  },
  "/count": ({ response, body }) => json(response, 200, { bytes: body.length }),
  "/429": ({ response }) => json(response, 429, { message: "Rate Exceeded" }, { "retry-after": "1" }),
  "/429-halfway": ({ response }) => refuseHalfway(response),
  "/429-chunked": ({ response }) => {
    response.writeHead(429, { "content-type": "text/plain" });
    response.end("slow down");
  },
  "/503": ({ response }) => json(response, 503, { message: "unavailable" }),
  "/404": ({ response }) => json(response, 404, { message: "no such thing" }),
  "/flaky": ({ response, url }) => {
    const key = url.searchParams.get("key") ?? "";
    const before = asked.get(key) ?? 0;
    asked.set(key, before + 1);
    if (before === 0) json(response, 500, { message: "try again" });
    else json(response, 200, { tries: before + 1 });
  },
  "/slow": ({ response, url }) => {
    setTimeout(() => json(response, 200, { slow: true }), Number(url.searchParams.get("ms") ?? 300));
  },
  "/hang": () => {},
  // Kills the client at the one moment when its call is certainly under way.
  "/kill": ({ url }) => process.kill(Number(url.searchParams.get("pid")), "SIGKILL"),
  "/reset": ({ request }) => request.socket.resetAndDestroy(),
  "/reset-midway": ({ response }) => resetMidway(response),
  "/end-midway": ({ response }) => endMidway(response),
  "/binary": ({ response }) => {
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": BINARY.length });
    response.end(BINARY);
  },
  "/gzip": ({ response }) => encoded(response, "gzip", gzipSync(TEXT)),
  "/br": ({ response }) => encoded(response, "br", brotliCompressSync(TEXT)),
  "/broken-gzip": ({ response }) => encoded(response, "gzip", Buffer.from("this is not gzip")),
  "/stream": ({ response }) => {
    response.writeHead(200, { "content-type": "text/plain" });
    stream(response);
  },
  "/large": ({ response }) => {
    response.writeHead(200, { "content-type": "text/plain", "content-length": LARGE.length });
    response.end(LARGE);
  },
  "/redirect": ({ response, url }) => redirect(response, Number(url.searchParams.get("left") ?? 1)),
  "/unauthorized": ({ response }) =>
    json(response, 401, { error: "invalid_token", error_description: "The token was revoked" }, { "www-authenticate": 'Bearer error="invalid_token"' }),
  "/login": ({ response }) => json(response, 200, { ok: true }, { "set-cookie": ["session=never-in-spool; Path=/; HttpOnly", "theme=dark"] }),
  "/204": ({ response }) => {
    response.writeHead(204);
    response.end();
  },
  "/trailers": ({ response }) => trailers(response),
  "/h2/refused": ({ request }) => request.stream.close(constants.NGHTTP2_REFUSED_STREAM),
  "/h2/cut-midway": ({ request }) => cutStream(request),
  "/h2/goaway": ({ request }) => request.stream.session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM),
  "/h2/hangs": () => {},
  "/2015-03-31/functions/throttled/invocations": ({ response }) =>
    json(response, 400, { Type: "User", message: "Rate Exceeded" }, { "x-amzn-errortype": "TooManyRequestsException", "x-amzn-requestid": "conformance" }),
  "/2015-03-31/functions/reset/invocations": ({ request }) => request.socket.resetAndDestroy(),
  "/2015-03-31/functions/hello/invocations": ({ response }) =>
    json(response, 200, { greeting: "hello" }, { "x-amzn-requestid": "conformance" }),
};
