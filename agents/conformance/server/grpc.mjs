// A real gRPC server of @grpc/grpc-js. What it is to do wrong is the name in the request.
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const PROTO = fileURLToPath(new URL("./greeter.proto", import.meta.url));
/** More messages than an agent keeps of a stream. */
const MANY = 40;

const failure = (code, details, headers = {}) => Object.assign(new Error(details), { code, details, metadata: grpc.Metadata.fromHttp2Headers(headers) });

/** What `Hello` does with each name; any other is greeted. */
const HELLO = {
  throttled: (call, reply) => reply(failure(grpc.status.RESOURCE_EXHAUSTED, "Rate Exceeded", { "retry-after": "1" })),
  unavailable: (call, reply) => reply(failure(grpc.status.UNAVAILABLE, "draining")),
  missing: (call, reply) => reply(failure(grpc.status.NOT_FOUND, "no such person")),
  // Never answered: the client's deadline decides.
  slow: () => {},
  reset: (call) => call.call.stream.session.destroy(),
};

const implementation = {
  Hello(call, reply) {
    const { name } = call.request;
    const metadata = new grpc.Metadata();
    metadata.set("x-traced", call.metadata.get("traceparent").length > 0 ? "yes" : "no");
    call.sendMetadata(metadata);
    (HELLO[name] ?? ((_, answer) => answer(null, { text: `hello ${name}`, number: 1 })))(call, reply);
  },
  Count(call) {
    const count = call.request.name === "many" ? MANY : 3;
    for (let number = 1; number <= count; number += 1) call.write({ text: "tick", number });
    if (call.request.name === "broken") call.emit("error", failure(grpc.status.INTERNAL, "stopped counting"));
    else call.end();
  },
  Collect(call, reply) {
    let number = 0;
    call.on("data", () => (number += 1));
    call.on("end", () => reply(null, { text: "collected", number }));
  },
  Chat(call) {
    call.on("data", ({ name }) => call.write({ text: `echo ${name}`, number: name.length }));
    call.on("end", () => call.end());
  },
};

/** Starts on a free port. Resolves to its port. */
export async function start() {
  const { conformance } = grpc.loadPackageDefinition(loader.loadSync(PROTO));
  const server = new grpc.Server();
  server.addService(conformance.Greeter.service, implementation);
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port)));
  });
}
