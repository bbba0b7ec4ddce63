// Sends a recording as large as asked for to a server, as SDKs would: a test with spans of twenty services below it,
// some of them calls with bodies, and log records. `node scripts/large.mjs ADDRESS [spans] [calls] [logs]` prints the
// attempt's id.
import { pathToFileURL } from "node:url";

/** Entries that the server takes in one list are 10,000 (protocol/otlp.md). */
const BATCH = 5000;
const SERVICES = 20;
const START = BigInt(Date.now() - 60_000) * 1_000_000n;
const STEP_NS = 300_000n;

/** The same numbers every time. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const text = (key, stringValue) => ({ key, value: { stringValue } });
const number = (key, value) => ({ key, value: { intValue: String(value) } });
const id = (index, digits) => (index + 1).toString(16).padStart(digits, "0");

function resource(service) {
  return { attributes: [text("service.name", `service-${service}`), number("process.pid", 1000 + service)] };
}

function call(index) {
  const status = index % 400 === 0 ? 503 : 200;
  const body = JSON.stringify({ item: index, items: ["one", "two", "three"], note: "x".repeat(200) });
  return [
    text("http.request.method", index % 5 === 0 ? "POST" : "GET"),
    text("url.full", `http://peer-${index % 12}.test/things/${index % 600}?page=${index}`),
    text("server.address", `peer-${index % 12}.test`),
    number("server.port", 80),
    number("http.response.status_code", status),
    text("http.response.header.content-type", "application/json"),
    text("http.response.body.content", body),
  ];
}

/** Spans in batches, each with the service that sends it. */
function* spans(trace, count, calls) {
  const next = random(1);
  const every = Math.max(1, Math.floor(count / Math.max(1, calls)));
  const path = [0];
  const batches = Array.from({ length: SERVICES }, () => []);
  const startOf = (index) => START + BigInt(index) * STEP_NS;
  for (let index = 1; index < count; index += 1) {
    while (path.length > 1 && (path.length > 30 || next() > 0.45)) path.pop();
    const isCall = index % every === 0;
    const service = Math.floor(next() * SERVICES);
    batches[service].push({
      traceId: trace,
      spanId: id(index, 16),
      parentSpanId: id(path.at(-1), 16),
      name: isCall ? "GET" : `step ${index % 600}`,
      kind: isCall ? 3 : 1,
      startTimeUnixNano: String(startOf(index)),
      endTimeUnixNano: String(startOf(index) + BigInt(Math.floor(next() * 2e6))),
      attributes: isCall ? call(index) : [],
    });
    path.push(index);
    if (batches[service].length === BATCH) yield [service, batches[service].splice(0)];
  }
  for (const [service, left] of batches.entries()) if (left.length > 0) yield [service, left];
  const end = startOf(count);
  const root = {
    traceId: trace,
    spanId: id(0, 16),
    name: "a recording as large as asked for",
    kind: 1,
    startTimeUnixNano: String(START),
    endTimeUnixNano: String(end),
    status: { code: 2, message: "expected 200, got 503" },
  };
  yield [0, [root]];
}

function* logs(trace, spanCount, count) {
  for (let from = 0; from < count; from += BATCH) {
    const records = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => {
      const index = from + at;
      const span = Math.floor((index / count) * spanCount);
      return {
        traceId: trace,
        spanId: id(span, 16),
        timeUnixNano: String(START + BigInt(span) * STEP_NS),
        severityNumber: index % 100 === 0 ? 13 : 9,
        body: {
          stringValue: `item ${index} was looked at${index % 50 === 0 ? `\n${"    at a line\n".repeat(8)}` : ""}`,
        },
      };
    });
    yield [(from / BATCH) % SERVICES, records];
  }
}

async function send(base, path, body) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(base + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

/** Gives the id of the attempt. */
export async function sendLarge(base, spanCount = 100_000, calls = 20_000, logCount = 100_000) {
  const trace = `f1a4e${id(spanCount * 3 + calls * 7 + logCount, 27)}`;
  for (const [service, batch] of spans(trace, spanCount, calls)) {
    await send(base, "/v1/traces", {
      resourceSpans: [{ resource: resource(service), scopeSpans: [{ spans: batch }] }],
    });
  }
  for (const [service, batch] of logs(trace, spanCount, logCount)) {
    const scopeLogs = [{ logRecords: batch }];
    await send(base, "/v1/logs", { resourceLogs: [{ resource: resource(service), scopeLogs }] });
  }
  return trace;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [base, ...sizes] = process.argv.slice(2);
  console.log(await sendLarge(base, ...sizes.map(Number)));
}
