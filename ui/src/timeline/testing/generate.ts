// Recordings made up from a seed, and the bytes of them: for tests and for measuring. What the server writes, written
// once more, so that reading is held against something else than itself.
import { FLAG, KIND, type Mark, NO_PEER, NONE } from "../data";

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface MadeRow {
  id: [number, number];
  start: number;
  duration: number;
  parent: number;
  end: number;
  depth: number;
  name: number;
  service: number;
  peer: number;
  kind: number;
  status: number;
  flags: number;
  group: number;
}

export interface Made {
  duration: number;
  attemptAt: number;
  unitNs: number;
  names: string[];
  services: string[];
  peers: string[];
  marks: Mark[];
  rows: MadeRow[];
}

export interface Shape {
  rows: number;
  seed: number;
  /** How deep the tree may be. */
  depth?: number;
  names?: number;
  /** How likely the next span is a child of the one before. */
  descend?: number;
  /** How likely a row is a try of a group. */
  grouped?: number;
}

/** A row of zeros and a tree of one, to be changed. */
export function madeRow(changes: Partial<MadeRow>): MadeRow {
  return {
    id: [1, 1],
    start: 0,
    duration: 10,
    parent: NONE,
    end: 1,
    depth: 0,
    name: 0,
    service: 0,
    peer: NO_PEER,
    kind: KIND.span,
    status: 0,
    flags: 0,
    group: 0,
    ...changes,
  };
}

/** Closes a tree: where each subtree ends, from the parents. */
export function close(rows: MadeRow[]): MadeRow[] {
  rows.forEach((row, index) => {
    row.end = index + 1;
  });
  for (let index = rows.length - 1; index > 0; index -= 1) {
    const row = rows[index];
    const up = row === undefined ? undefined : rows[row.parent];
    if (row !== undefined && up !== undefined) up.end = Math.max(up.end, row.end);
  }
  return rows;
}

/** A recording of an attempt with spans below it, in tree order. */
export function generate({ rows: count, seed, depth = 30, names = 600, descend = 0.45, grouped = 0 }: Shape): Made {
  const next = random(seed);
  const whole = (below: number) => Math.floor(next() * below);
  const length = Math.min(3_000_000_000, count * 150 + 1000);
  const rows: MadeRow[] = [madeRow({ kind: KIND.attempt, duration: length, flags: FLAG.failed })];
  const path = [{ row: 0, clock: 0 }];
  for (let index = 1; index < count; index += 1) {
    while (path.length > 1 && (path.length > depth || next() > descend)) path.pop();
    const up = path[path.length - 1] as { row: number; clock: number };
    const above = rows[up.row] as MadeRow;
    const start = Math.min(length, Math.max(up.clock, above.start) + whole(path.length === 1 ? 300 : 20));
    up.clock = start;
    const isCall = next() < 0.6;
    rows.push(
      madeRow({
        id: [whole(2 ** 32), index],
        start,
        duration: next() < 0.002 ? NONE : Math.min(length - start, whole(next() < 0.02 ? 20_000 : 200)),
        parent: up.row,
        depth: path.length,
        name: whole(names),
        service: whole(20),
        peer: isCall ? whole(12) : NO_PEER,
        kind: isCall ? KIND.exchange : next() < 0.5 ? KIND.server : KIND.span,
        status: isCall ? 200 : 0,
        flags: next() < 0.004 ? FLAG.failed : 0,
        group: next() < grouped ? 1 + whole(Math.max(1, Math.floor(count / 8))) : 0,
      }),
    );
    path.push({ row: index, clock: start });
  }
  return {
    duration: length,
    attemptAt: 0,
    unitNs: 1000,
    names: Array.from({ length: names }, (_, index) => `GET /things/${index}/of/${(index * 7919) % 1000}`),
    services: Array.from({ length: 20 }, (_, index) => `service-${index}`),
    peers: Array.from({ length: 12 }, (_, index) => `peer-${index}.example.com`),
    marks: [{ at: Math.floor(length * 0.9), kind: "failure", text: "AssertionError: made up", span: null }],
    rows: close(rows),
  };
}

const COLUMNS = {
  id: [4, 2, (row: MadeRow) => row.id],
  start: [4, 1, (row: MadeRow) => [row.start]],
  duration: [4, 1, (row: MadeRow) => [row.duration]],
  parent: [4, 1, (row: MadeRow) => [row.parent]],
  end: [4, 1, (row: MadeRow) => [row.end]],
  depth: [2, 1, (row: MadeRow) => [row.depth]],
  name: [4, 1, (row: MadeRow) => [row.name]],
  service: [2, 1, (row: MadeRow) => [row.service]],
  peer: [2, 1, (row: MadeRow) => [row.peer]],
  kind: [1, 1, (row: MadeRow) => [row.kind]],
  status: [2, 1, (row: MadeRow) => [row.status]],
  flags: [2, 1, (row: MadeRow) => [row.flags]],
  group: [4, 1, (row: MadeRow) => [row.group]],
} as const;

function aligned(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

/** The bytes of a recording, as protocol/http-api.md describes them. */
export function encode(made: Made): ArrayBuffer {
  const { rows, names, services, peers, marks } = made;
  let size = 0;
  const columns = Object.entries(COLUMNS).map(([name, [width, times]]) => {
    const offset = size;
    size = aligned(size + rows.length * width * times);
    return { name, type: times === 2 ? "u32x2" : `u${width * 8}`, offset };
  });
  const dictionary = {
    trace_id: "1".padStart(32, "0"),
    start: "2026-11-22T10:00:00.000Z",
    unit_ns: made.unitNs,
    duration: made.duration,
    attempt_at: made.attemptAt,
    names,
    services,
    peers,
    marks,
    notices: [],
    columns,
  };
  let json = JSON.stringify(dictionary);
  const encoder = new TextEncoder();
  json += " ".repeat(aligned(encoder.encode(json).length) - encoder.encode(json).length);
  const bytes = encoder.encode(json);
  const buffer = new ArrayBuffer(16 + bytes.length + size);
  const view = new DataView(buffer);
  new Uint8Array(buffer).set(encoder.encode("FSTL"));
  view.setUint32(4, 1, true);
  view.setUint32(8, bytes.length, true);
  view.setUint32(12, rows.length, true);
  new Uint8Array(buffer).set(bytes, 16);
  Object.values(COLUMNS).forEach(([width, , values], index) => {
    let offset = 16 + bytes.length + (columns[index]?.offset ?? 0);
    for (const row of rows) {
      for (const value of values(row)) {
        if (width === 4) view.setUint32(offset, value, true);
        else if (width === 2) view.setUint16(offset, value, true);
        else view.setUint8(offset, value);
        offset += width;
      }
    }
  });
  return buffer;
}
