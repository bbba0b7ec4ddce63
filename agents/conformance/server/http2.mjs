// The same routes by HTTP/2 without TLS; those below `/h2/` misbehave in ways that only HTTP/2 has.
import http2 from "node:http2";

/** Starts on a free port. Resolves to its port. */
export async function start(listener) {
  const server = http2.createServer((request, response) => {
    // Streams that are reset on purpose fail on this side, too.
    request.stream.on("error", () => {});
    listener(request, response);
  });
  server.on("sessionError", () => {});
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address().port;
}
