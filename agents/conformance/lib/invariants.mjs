// What must be true of every spool, whatever the scenario: the form of files and lines, the vocabulary,
// and that derived values agree with what they are derived from.
import { groupBy } from "./group.mjs";
import { merge } from "./merge.mjs";
import { typeOf } from "./normalise.mjs";
import { vocabulary } from "./vocabulary.mjs";

const NAME = /^(\d+)-([0-9a-f]{8})-(\d+)\.seg$/;
const NANOS = /^\d+$/;
const MAX_LINE = 16 << 20;
/** Put by scenarios into credential headers only: an agent must never hand it over. */
const FORBIDDEN = ["never-in-spool", Buffer.from("ada:never-in-spool").toString("base64")];

const KINDS = { exchange: 3, server: 2 };
const KNOWN_LINES = new Set(["head", "span", "log", "listen", "spawn", "tag", "gap", "end"]);
const words = vocabulary();

function* segmentForm({ name, mode, head, records, invalid }) {
  const [, pid, instance, seq] = NAME.exec(name) ?? [];
  if (pid === undefined) yield `segment name ${name} is not <pid>-<instance>-<seq>.seg`;
  if (mode !== 0o600) yield `segment ${name} has mode ${mode.toString(8)}`;
  for (const line of invalid) yield `line is not JSON: ${line}`;
  // A process that dies, or a disk that fills, between opening a segment and its head leaves it empty.
  if (records.length === 0) return;
  if (head?.t !== "head") return yield `segment ${name} does not begin with a head`;
  if (head.v !== 1 || head.pid !== Number(pid) || head.instance !== instance || head.seq !== Number(seq)) yield `head of ${name} does not match its name`;
  for (const clock of ["wall", "mono"]) if (!NANOS.test(head[clock])) yield `head.${clock} is ${head[clock]}`;
  for (const key of ["agent", "agent_version", "cwd"]) if (typeof head[key] !== "string") yield `head.${key} is missing`;
  const end = records.findIndex(({ t }) => t === "end");
  if (end !== -1 && end !== records.length - 1) yield `segment ${name} goes on after its end`;
  for (const { t } of records) if (!KNOWN_LINES.has(t)) yield `unknown line type ${t}`;
  for (const { kind } of records.filter(({ t }) => t === "gap")) if (words.gap(kind)) yield words.gap(kind);
}

function* sequence(segments) {
  const begun = segments.filter(({ head }) => head?.t === "head");
  for (const [instance, own] of groupBy(begun, ({ head }) => head.instance)) {
    const numbers = own.map(({ head }) => head.seq);
    if (new Set(numbers).size !== numbers.length) yield `segments of ${instance} are numbered ${numbers}`;
  }
}

function* spanForm(span, { lossy }) {
  const label = `span ${span.name}`;
  if (!/^[0-9a-f]{32}$/.test(span.trace)) yield `${label}: trace id ${span.trace}`;
  for (const id of [span.id, ...(span.parent === undefined ? [] : [span.parent])]) if (!/^[0-9a-f]{16}$/.test(id)) yield `${label}: span id ${id}`;
  if (!NANOS.test(span.start) || !NANOS.test(span.mono)) yield `${label}: start ${span.start}, mono ${span.mono}`;
  // What is known only when it is over, such as a failure that the runner reports later, has no start of its own.
  if (!lossy && span.first.end !== undefined && span.end !== span.start) yield `${label} was not written when it started`;
  if (span.end !== undefined && BigInt(span.end) < BigInt(span.start)) yield `${label} ends before it starts`;
  if (span.kind !== (KINDS[typeOf(span)] ?? 1)) yield `${label}: kind ${span.kind} for ${typeOf(span)}`;
  const carried = [span, ...(span.events ?? []), ...(span.links ?? [])];
  for (const { attrs } of carried) {
    for (const [name, value] of Object.entries(attrs ?? {})) {
      const complaint = words.attribute(name, value);
      // Spans of the project's own SDK bring names of their own.
      if (complaint && typeOf(span) !== "span") yield `${label}: ${complaint}`;
    }
  }
}

/** What each type of span must always carry. */
const REQUIRED = {
  attempt: ["flakescope.test.framework", "flakescope.test.framework.version", "flakescope.test.suite", "flakescope.test.name", "flakescope.test.ordinal", "flakescope.attempt.number", "code.file.path"],
  // No place and no hook: what Mocha reports outside any suite, such as a worker that died.
  fixture: ["flakescope.test.framework"],
  hook: ["flakescope.hook.type", "flakescope.phase"],
  exchange: ["http.request.method", "url.full", "flakescope.attribution", "flakescope.client"],
  server: ["http.request.method", "url.path"],
};

/** Said of each exchange that lasted longer than 20 ms, and never more than it lasted. */
function* eventLoop({ name, start, end, attrs }) {
  const active = attrs["flakescope.event_loop.active_ms"];
  const lasted = end === undefined ? 0 : Number(BigInt(end) - BigInt(start)) / 1e6;
  if ((active !== undefined) !== lasted > 20) yield `span ${name}: lasted ${lasted} ms, active_ms is ${active}`;
  if (active < 0 || active > lasted + 1) yield `span ${name}: active for ${active} of ${lasted} ms`;
}

function* derived(span) {
  const attrs = span.attrs ?? {};
  const label = `span ${span.name}`;
  for (const name of REQUIRED[typeOf(span)] ?? []) if (attrs[name] === undefined) yield `${label}: no ${name}`;
  const mono = attrs["flakescope.time.monotonic_start"];
  if (mono !== undefined && String(mono) !== span.mono) yield `${label}: monotonic_start is ${mono}, mono is ${span.mono}`;
  if (typeOf(span) === "exchange") yield* eventLoop(span);
  if (typeOf(span) !== "attempt") return;
  const suite = attrs["flakescope.test.suite"] ?? [];
  if (attrs["test.suite.name"] !== suite.join(" › ")) yield `${label}: test.suite.name is ${attrs["test.suite.name"]}`;
  const full = [...suite, attrs["flakescope.test.name"]].join(" › ");
  if (attrs["test.case.name"] !== full) yield `${label}: test.case.name is ${attrs["test.case.name"]}`;
  if (span.end !== undefined && attrs["test.case.result.status"] === undefined) yield `${label} ended without a result`;
}

function* secrets(segments) {
  for (const { name, records } of segments) {
    for (const record of records) {
      const line = JSON.stringify(record);
      const at = Math.max(...FORBIDDEN.map((secret) => line.indexOf(secret)));
      if (at !== -1) yield `a credential is readable in ${name}: …${line.slice(Math.max(0, at - 80), at + 30)}`;
      if (line.length > MAX_LINE) yield `a line of ${name} has ${line.length} characters`;
    }
  }
}

/** Sentences for everything in `segments` that breaks the contract. */
export function violations(segments) {
  const { spans, gaps } = merge(segments);
  const lossy = gaps.some(({ kind }) => kind.startsWith("spool-"));
  return [
    ...segments.flatMap((segment) => [...segmentForm(segment)]),
    ...sequence(segments),
    ...spans.flatMap((span) => [...spanForm(span, { lossy }), ...derived(span)]),
    ...secrets(segments),
  ];
}
