// What the stand-ins have in common: each is a process of its own, as a compose file would start it, with a loopback
// address of its own and a free port. It prints its address in one line of JSON and ends when its input does.
import { once } from "node:events";
import { createServer } from "node:http";

/** Serves until the input ends. `answer` gives an answer, or nothing when it has done something to the connection itself. */
export async function serve(host, answer) {
  const server = createServer((request, response) => respond(answer, request, response));
  server.listen(0, host);
  await once(server, "listening");
  console.log(JSON.stringify({ url: `http://${host}:${server.address().port}` }));

  process.stdin.resume();
  await once(process.stdin, "end");
  process.exit(0);
}

async function respond(answer, request, response) {
  const gone = new Promise((resolve) => response.once("close", resolve));
  const body = Buffer.concat(await request.toArray()).toString();
  const { pathname, searchParams } = new URL(request.url, "http://stand-in");
  const answered = await answer({
    method: request.method,
    path: decodeURIComponent(pathname),
    query: searchParams,
    headers: request.headers,
    body,
    socket: request.socket,
    gone,
  });
  if (!answered || response.destroyed) return;
  const { status = 200, headers = {}, json } = answered;
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(json === undefined ? "" : JSON.stringify(json));
}
