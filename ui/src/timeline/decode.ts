// Bytes to a timeline: columns are viewed in place, and checked once, so that nothing behind this file has to distrust a
// number. Damaged bytes are one clear error.
import { type Mark, NO_PEER, NONE, type TimelineColumns, type TimelineData } from "./data";

const MAGIC = 0x4c545346; // "FSTL", little-endian
const VERSION = 1;
const HEADER_BYTES = 16;

const VIEWS = {
  id: [Uint32Array, 2],
  start: [Uint32Array, 1],
  duration: [Uint32Array, 1],
  parent: [Uint32Array, 1],
  end: [Uint32Array, 1],
  depth: [Uint16Array, 1],
  name: [Uint32Array, 1],
  service: [Uint16Array, 1],
  peer: [Uint16Array, 1],
  kind: [Uint8Array, 1],
  status: [Uint16Array, 1],
  flags: [Uint16Array, 1],
  group: [Uint32Array, 1],
} as const;

class Damaged extends Error {
  constructor(what: string) {
    super(`The timeline is damaged: ${what}.`);
  }
}

type Json = Record<string, unknown>;

function number(json: Json, key: string): number {
  const value = json[key];
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) throw new Damaged(`“${key}” is no number`);
  return value;
}

function text(json: Json, key: string): string {
  const value = json[key];
  if (typeof value !== "string") throw new Damaged(`“${key}” is no text`);
  return value;
}

function list(json: Json, key: string): unknown[] {
  const value = json[key];
  if (!Array.isArray(value)) throw new Damaged(`“${key}” is no list`);
  return value;
}

function texts(json: Json, key: string): string[] {
  const values = list(json, key);
  if (!values.every((value) => typeof value === "string")) throw new Damaged(`“${key}” has something that is no text`);
  return values;
}

function object(value: unknown, what: string): Json {
  if (typeof value !== "object" || value === null) throw new Damaged(`${what} is no object`);
  return value as Json;
}

function mark(value: unknown): Mark {
  const json = object(value, "a mark");
  const span = json.span === null ? null : text(json, "span");
  return { at: number(json, "at"), kind: text(json, "kind"), text: text(json, "text"), span };
}

function dictionaryOf(buffer: ArrayBuffer, bytes: number): Json {
  try {
    const json = new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(buffer, HEADER_BYTES, bytes));
    return object(JSON.parse(json), "the dictionary");
  } catch {
    throw new Damaged("its dictionary cannot be read");
  }
}

function columnsOf(buffer: ArrayBuffer, base: number, rows: number, dictionary: Json): TimelineColumns {
  const offsets = new Map(
    list(dictionary, "columns").map((entry) => {
      const json = object(entry, "a column");
      return [text(json, "name"), number(json, "offset")] as const;
    }),
  );
  const columns: Record<string, ArrayBufferView> = {};
  for (const [name, [View, width]] of Object.entries(VIEWS)) {
    const offset = offsets.get(name);
    if (offset === undefined) throw new Damaged(`the column “${name}” is missing`);
    const from = base + offset;
    const fits = from + rows * width * View.BYTES_PER_ELEMENT <= buffer.byteLength;
    if (!fits || !Number.isInteger(from) || from % 4 !== 0) throw new Damaged(`the column “${name}” is cut off`);
    columns[name] = new View(buffer, from, rows * width);
  }
  return columns as unknown as TimelineColumns;
}

/** Holds that rows are a tree in order, and that every number stands for something. */
function check(data: TimelineData): void {
  const { parent, end, name, service, peer, start } = data.columns;
  const { rows, duration } = data;
  const [names, services, peers] = [data.names.length, data.services.length, data.peers.length];
  for (let row = 0; row < rows; row += 1) {
    const [up, last, whom] = [parent[row] as number, end[row] as number, peer[row] as number];
    const limit = up === NONE ? rows : up < row ? (end[up] as number) : 0;
    if (last <= row || last > limit) throw new Damaged(`row ${row} is not in its place of the tree`);
    if ((name[row] as number) >= names || (service[row] as number) >= services) {
      throw new Damaged(`row ${row} has a name or a service that is not in the dictionary`);
    }
    if (whom !== NO_PEER && whom >= peers) throw new Damaged(`row ${row} has a peer that is not in the dictionary`);
    if ((start[row] as number) > duration) throw new Damaged(`row ${row} starts after the recording's end`);
  }
}

/** Views the columns of an answer. Throws an error that says why when it is not a timeline of a version known here. */
export function decodeTimeline(buffer: ArrayBuffer): TimelineData {
  if (buffer.byteLength < HEADER_BYTES) throw new Damaged("it is shorter than its header");
  const head = new DataView(buffer);
  if (head.getUint32(0, true) !== MAGIC) throw new Error("The answer is not a timeline.");
  const version = head.getUint32(4, true);
  if (version !== VERSION) throw new Error(`The timeline has version ${version}; this page reads ${VERSION}.`);
  const jsonBytes = head.getUint32(8, true);
  const rows = head.getUint32(12, true);
  const base = HEADER_BYTES + jsonBytes;
  if (base > buffer.byteLength) throw new Damaged("its dictionary is cut off");
  const dictionary = dictionaryOf(buffer, jsonBytes);
  const data: TimelineData = {
    traceId: text(dictionary, "trace_id"),
    start: text(dictionary, "start"),
    unitNs: Math.max(1, number(dictionary, "unit_ns")),
    duration: number(dictionary, "duration"),
    attemptAt: number(dictionary, "attempt_at"),
    names: texts(dictionary, "names"),
    services: texts(dictionary, "services"),
    peers: texts(dictionary, "peers"),
    marks: list(dictionary, "marks").map(mark),
    notices: texts(dictionary, "notices"),
    rows,
    columns: columnsOf(buffer, base, rows, dictionary),
  };
  check(data);
  return data;
}
