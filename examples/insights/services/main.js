// Stand-ins for the services that the product uses, in a process of their own, as a compose file would start them.
//
//   node services/main.js
//
// Prints one line of JSON with their addresses and ends when its input does. SERVICES says what day it is: on a `good`
// day every service answers; on a `bad` one some misbehave, always in the same way (`schedule.js`). Each has a loopback
// address of its own and a free port.
import { once } from "node:events";
import { createServer } from "node:http";
import { Elasticsearch } from "./elasticsearch.js";
import { Lambda } from "./lambda.js";
import { scheduleOf } from "./schedule.js";
import { Slack } from "./slack.js";

const schedule = scheduleOf(process.env.SERVICES);
const standIns = {
  lambda: { host: "127.0.0.11", service: new Lambda(schedule) },
  elasticsearch: { host: "127.0.0.12", service: new Elasticsearch(schedule) },
  slack: { host: "127.0.0.13", service: new Slack(schedule) },
};

const addresses = {};
for (const [name, { host, service }] of Object.entries(standIns)) {
  const server = createServer(answering(service));
  server.listen(0, host);
  await once(server, "listening");
  addresses[name] = `http://${host}:${server.address().port}`;
}
console.log(JSON.stringify(addresses));

process.stdin.resume();
await once(process.stdin, "end");
process.exit(0);

/** A service gets a request and gives an answer, or nothing when it has done something to the connection itself. */
function answering(service) {
  return async (request, response) => {
    const gone = new Promise((resolve) => response.once("close", resolve));
    const body = Buffer.concat(await request.toArray()).toString();
    const { pathname, searchParams } = new URL(request.url, "http://stand-in");
    const answer = await service.answer({
      method: request.method,
      path: decodeURIComponent(pathname),
      query: searchParams,
      headers: request.headers,
      body,
      socket: request.socket,
      gone,
    });
    if (!answer || response.destroyed) return;
    const { status = 200, headers = {}, json } = answer;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(json === undefined ? "" : JSON.stringify(json));
  };
}
