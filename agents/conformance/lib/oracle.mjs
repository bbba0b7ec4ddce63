// Holds the recorded exchanges against what the test server itself saw: an independent witness of every
// call, its status, and the length and keyed hash of both bodies.
import { existsSync, readFileSync } from "node:fs";
import { groupBy } from "./group.mjs";
import { merge } from "./merge.mjs";
import { typeOf } from "./normalise.mjs";

const BODIES = ["request", "response"];

/** Calls in the server's log, in order of arrival. */
export function readServerLog(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const byNumber = groupBy(lines, ({ number }) => number);
  return [...byNumber.values()].map((events) => Object.assign({}, ...events));
}

function seenBy(span, ports) {
  const attrs = span.attrs;
  return typeOf(span) === "exchange" && ports.includes(attrs["server.port"]) && attrs["flakescope.mocked"] === undefined;
}

const target = (url) => {
  const { pathname, search } = new URL(url);
  return pathname + search;
};

/** Complaints about one call that both sides saw to its end. */
function* bodies(attrs, call, label) {
  if (attrs["http.response.status_code"] !== call.status) yield `${label}: status ${attrs["http.response.status_code"]}, the server sent ${call.status}`;
  for (const body of BODIES) {
    const [size, hash] = [attrs[`http.${body}.body.size`], attrs[`flakescope.http.${body}.body.hash`]];
    const [bytes, sent] = [call[`${body}_bytes`], call[`${body}_hash`]];
    if ((size ?? 0) !== bytes) yield `${label}: ${body} of ${size} bytes, the server counted ${bytes}`;
    if (bytes > 0 && hash !== sent) yield `${label}: hash of the ${body} is ${hash}, the server's ${sent}`;
  }
}

/** Pairs spans with calls: by the id that went over the wire where one did, else by order. */
function pairs(spans, calls) {
  const sorted = [...spans].sort((a, b) => Number(BigInt(a.start) - BigInt(b.start)));
  const carried = (span) => calls.find(({ traceparent }) => traceparent?.split("-")[2] === span.id);
  return sorted.map((span, index) => ({ span, call: carried(span) ?? calls[index] }));
}

/** Calls whose `traceparent` names no span of the recording: whoever follows it finds nothing. */
function* strayParents(spans, calls) {
  const known = new Set(spans.map(({ trace, id }) => `${trace}-${id}`));
  for (const { traceparent, method, path } of calls) {
    const named = traceparent?.split("-").slice(1, 3).join("-");
    if (named !== undefined && !known.has(named)) yield `${method} ${path}: its traceparent ${traceparent} names no recorded exchange`;
  }
}

/** Sentences for each difference between `segments` and the server's log of calls on `ports`. */
export function contradictions(segments, calls, ports) {
  const spans = merge(segments).spans.filter((span) => seenBy(span, ports));
  const recorded = groupBy(spans, ({ attrs }) => `${attrs["http.request.method"]} ${target(attrs["url.full"])}`);
  const answered = groupBy(calls, ({ method, path }) => `${method} ${path}`);
  const complaints = [...strayParents(spans, calls)];
  for (const label of new Set([...recorded.keys(), ...answered.keys()])) {
    const [ours, theirs] = [recorded.get(label) ?? [], answered.get(label) ?? []];
    // A call that failed without an answer may have failed before it reached the server.
    const certain = ours.filter(({ attrs }) => attrs["error.type"] === undefined || attrs["http.response.status_code"] !== undefined);
    if (theirs.length > ours.length || theirs.length < certain.length) complaints.push(`${label}: ${ours.length} recorded, the server saw ${theirs.length}`);
    for (const { span, call } of pairs(ours, theirs)) {
      const { attrs } = span;
      if (call && !call.traceparent && attrs["flakescope.attribution"] === "context") complaints.push(`${label}: no traceparent on a call to loopback`);
      if (call?.complete && attrs["flakescope.http.response.complete"] === true) complaints.push(...bodies(attrs, call, label));
    }
  }
  return complaints;
}
