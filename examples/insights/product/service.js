// What both services have in common: routes with JSON in and out, an address told on the first line of output, and an
// end in good order when the input ends.
import { once } from "node:events";
import { createServer } from "node:http";
import { explain } from "./dependencies.js";
import { stopTracing } from "./tracing.js";

/** An answer that is not what the caller asked for. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Serves until the input ends. Routes are pairs of `METHOD /path/:parameter` and a function, which gets parameters,
 * query, headers and body and gives `{ status, headers, json }`. `drain` is awaited before the service ends.
 */
export async function serve({ host, routes, drain = async () => {} }) {
  const table = Object.entries(routes).map(([route, handle]) => ({ ...parse(route), handle }));
  const server = createServer((request, response) => respond(table, request, response));
  server.listen(0, host);
  await once(server, "listening");
  console.log(JSON.stringify({ url: `http://${host}:${server.address().port}` }));

  process.stdin.resume();
  await once(process.stdin, "end");
  server.close();
  server.closeIdleConnections();
  await drain();
  await stopTracing();
  process.exit(0);
}

function parse(route) {
  const [method, path] = route.split(" ");
  return { method, pattern: new RegExp(`^${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`) };
}

async function respond(table, request, response) {
  const { status = 200, headers = {}, json } = await answer(table, request).catch(refusal);
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(json));
}

async function answer(table, request) {
  const text = Buffer.concat(await request.toArray()).toString();
  const { pathname, searchParams } = new URL(request.url, "http://service");
  for (const { method, pattern, handle } of table) {
    const match = method === request.method && pattern.exec(pathname);
    if (!match) continue;
    const body = text ? JSON.parse(text) : undefined;
    return handle({ parameters: match.groups, query: searchParams, headers: request.headers, body });
  }
  throw new Refusal(404, "there is no such page");
}

function refusal(error) {
  const { status, message } = error instanceof Refusal ? error : explain(error);
  return { status, json: { error: message } };
}
