// Stand-ins for the services that the shop calls, in a process of their own, as a compose file would start them.
//
//   node services/main.js
//
// Prints one line of JSON with their addresses and ends when its input does. SERVICES says what day it is: on a `good`
// day every service answers; on a `bad` one some misbehave, always in the same way. Each has a loopback address of its
// own and a free port.
import { once } from "node:events";
import { createServer } from "node:http";
import { carrier } from "./carrier.js";
import { events } from "./events.js";
import { identity } from "./identity.js";
import { lambda } from "./lambda.js";
import { orders } from "./orders.js";
import { search } from "./search.js";
import { warehouse } from "./warehouse.js";

const bad = process.env.SERVICES === "bad";
const hosts = {
  lambda: "127.0.0.11",
  identity: "127.0.0.12",
  search: "127.0.0.13",
  carrier: "127.0.0.14",
  events: "127.0.0.15",
  warehouse: "127.0.0.16",
  orders: "127.0.0.17",
};
const makers = { lambda, identity, search, carrier, events, warehouse, orders };

const addresses = {};
for (const [name, host] of Object.entries(hosts)) {
  const server = createServer(answering(makers[name](bad)));
  server.listen(0, host);
  await once(server, "listening");
  addresses[name] = `http://${host}:${server.address().port}`;
}
console.log(JSON.stringify(addresses));

process.stdin.resume();
await once(process.stdin, "end");
process.exit(0);

/** A service gets method, path, headers and body, and gives an answer, or does something to the connection itself. */
function answering(service) {
  return async (request, response) => {
    const chunks = await request.toArray();
    const answer = service({
      method: request.method,
      path: request.url,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      socket: request.socket,
    });
    if (!answer) return;
    const { status = 200, headers = {}, json } = answer;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(json));
  };
}
