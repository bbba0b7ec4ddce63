// Turns a merged recording into the form that is compared: a tree for each trace, in which identifiers are
// named in order of appearance and times have become order.
import { groupBy } from "./group.mjs";
import { merge } from "./merge.mjs";
import { shorten } from "./text.mjs";

/** Derived from other attributes or from the run itself; `invariants.mjs` holds each to its source. */
const DERIVED = new Set([
  "flakescope.time.monotonic_start",
  "flakescope.event_loop.active_ms",
  "flakescope.test.framework",
  "flakescope.test.framework.version",
  "test.case.name",
  "test.suite.name",
]);
const PORTS = new Set(["server.port", "network.peer.port", "client.port"]);
const EPHEMERAL = 1024;
const DEADLINE_STEP = 100;
const HANDSHAKE = /\.header\.sec-websocket-(?:key|accept)$/;

/** Names values in order of appearance: `first.name("x")` is `<word>-1` for the first value asked for. */
class Names {
  #known = new Map();
  constructor(word) {
    this.word = word;
  }
  name(value) {
    if (!this.#known.has(value)) this.#known.set(value, `${this.word}-${this.#known.size + 1}`);
    return this.#known.get(value);
  }
}

/** What kind of span this is, in the words of the protocol. */
export const typeOf = (span) => span.attrs?.["flakescope.span.type"] ?? (span.kind === 3 ? "exchange" : "span");

class Normaliser {
  #traces = new Names("trace");
  #groups = new Names("group");

  constructor(text, unordered) {
    this.text = text;
    this.unordered = unordered;
  }

  #value(value) {
    if (typeof value === "string") return shorten(this.text(value));
    if (Array.isArray(value)) return value.map((item) => this.#value(item));
    if (value?.$bytes !== undefined) return { $bytes: shorten(value.$bytes) };
    if (value !== null && typeof value === "object") return this.#attributes(value);
    return value;
  }

  #attribute(name, value) {
    if (PORTS.has(name) && value > EPHEMERAL) return "<port>";
    if (name.endsWith("_ns")) return "<time>";
    if (HANDSHAKE.test(name)) return ["<random>"];
    // What is left of a deadline depends on when it is looked at.
    if (name === "flakescope.http.timeout_ms" && value > DEADLINE_STEP) return Math.round(value / DEADLINE_STEP) * DEADLINE_STEP;
    if (name === "flakescope.retry.group") return this.#groups.name(value);
    if (name === "flakescope.worker") return "<worker>";
    if (name === "process.pid") return "<pid>";
    return this.#value(value);
  }

  #attributes(attrs = {}) {
    const names = Object.keys(attrs).filter((name) => !DERIVED.has(name)).sort();
    return Object.fromEntries(names.map((name) => [name, this.#attribute(name, attrs[name])]));
  }

  #span(span, { childrenOf, logsOf }) {
    const children = childrenOf(span.id).map((child) => this.#span(child, { childrenOf, logsOf }));
    const events = (span.events ?? []).map((event) => ({ name: event.name, attrs: this.#attributes(event.attrs) }));
    const links = (span.links ?? []).map((link) => ({ to: this.#traces.name(link.trace), attrs: this.#attributes(link.attrs) }));
    const logs = logsOf(span.id).map((log) => this.#log(log));
    return dropEmpty({
      type: typeOf(span),
      name: this.text(span.name),
      unfinished: span.end === undefined ? true : undefined,
      attrs: this.#attributes(span.attrs),
      status: span.status && { ...span.status, ...(span.status.message && { message: this.text(span.status.message) }) },
      events,
      links,
      logs,
      children,
    });
  }

  #log(log) {
    return dropEmpty({ severity: log.severity_text ?? log.severity, body: this.#value(log.body), attrs: this.#attributes(log.attrs) });
  }

  /** All traces, each with its roots, in order of their start (or of their content where order is chance). */
  traces(spans, logs) {
    const byTrace = groupBy(spans, (span) => span.trace);
    const ordered = [...byTrace.entries()].sort(([, a], [, b]) => (this.unordered ? compare(identity(a[0]), identity(b[0])) : 0));
    for (const [trace] of ordered) this.#traces.name(trace);
    return ordered.map(([trace, members]) => {
      const ids = new Set(members.map((span) => span.id));
      const childrenOf = (id) => members.filter((span) => span.parent === id);
      const logsOf = (id) => logs.filter((log) => log.span === id);
      const roots = members.filter((span) => span.parent === undefined || !ids.has(span.parent));
      const loose = logs.filter((log) => log.trace === trace && !ids.has(log.span)).map((log) => this.#log(log));
      return dropEmpty({ trace: this.#traces.name(trace), roots: roots.map((root) => this.#span(root, { childrenOf, logsOf })), logs: loose });
    });
  }

  runLogs(logs) {
    return logs.filter((log) => log.trace === undefined).map((log) => this.#log(log));
  }

  /** Gaps added up by kind: how one is described in words is the agent's own affair. */
  gaps(gaps) {
    const counts = {};
    for (const { kind, count } of gaps) counts[kind] = (counts[kind] ?? 0) + count;
    return Object.fromEntries(Object.entries(counts).sort());
  }

  /** Processes that recorded something, by command line, and how each closed its last segment. */
  processes(segments) {
    const byInstance = groupBy(segments.filter(({ head }) => head?.t === "head"), ({ head }) => head.instance);
    const rows = [...byInstance.values()].filter((own) => own.some(({ records }) => records.some(({ t }) => !["head", "spawn", "end"].includes(t))));
    const described = rows.map((own) => {
      const last = own.at(-1).records.at(-1);
      return { argv: own[0].head.argv.map((argument) => this.text(argument)).join(" "), closed: last.t === "end" ? last.reason : "no" };
    });
    return this.unordered ? described.sort((a, b) => compare(a.argv + a.closed, b.argv + b.closed)) : described;
  }

  listens(listens) {
    return listens.map(({ host, open }) => `${host} ${open ? "opened" : "closed"}`);
  }

  tags(tags) {
    return tags.map(({ trace, key, value }) => dropEmpty({ trace: trace && this.#traces.name(trace), key, value }));
  }
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** What a trace is known by when the order of traces is chance. */
const identity = (root) =>
  JSON.stringify([typeOf(root), root.name, root.attrs?.["code.file.path"], root.attrs?.["flakescope.test.configuration"], root.attrs?.["flakescope.test.parameters"], root.attrs?.["flakescope.test.ordinal"], root.attrs?.["flakescope.attempt.number"]]);

/** Leaves out keys that say nothing, so that the expected recording shows what is there. */
function dropEmpty(object) {
  const says = (value) => value !== undefined && !(typeof value === "object" && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(object).filter(([, value]) => says(value)));
}

/** Spans in order of start; a process's own order of writing decides between equal times. */
function inOrder(spans) {
  const index = new Map(spans.map((span, position) => [span, position]));
  return [...spans].sort((a, b) => Number(BigInt(a.start) - BigInt(b.start)) || index.get(a) - index.get(b));
}

/** The comparable form of what `segments` hold. `unordered` when the order of traces is chance. */
export function normalise(segments, { text, unordered = false }) {
  const recording = merge(segments);
  const normaliser = new Normaliser(text, unordered);
  return dropEmpty({
    processes: normaliser.processes(segments),
    traces: normaliser.traces(inOrder(recording.spans), recording.logs),
    logs: normaliser.runLogs(recording.logs),
    listens: normaliser.listens(recording.listens),
    tags: normaliser.tags(recording.tags),
    gaps: normaliser.gaps(recording.gaps),
  });
}
