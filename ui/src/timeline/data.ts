// The timeline as the server sends it: binary columns, viewed in place (protocol/http-api.md, "The timeline").

/** No row, no duration: the greatest u32. */
export const NONE = 0xffff_ffff;
/** No peer: the greatest u16. */
export const NO_PEER = 0xffff;

export const KIND = { span: 0, attempt: 1, fixture: 2, hook: 3, step: 4, exchange: 5, server: 6 } as const;

export const FLAG = {
  failed: 1,
  culprit: 2,
  neverEnded: 4,
  hasBody: 8,
  parentMissing: 16,
  cited: 32,
  mocked: 64,
} as const;

/** A point in time worth a flag on the axis. `at` is in units. */
export interface Mark {
  at: number;
  kind: string;
  text: string;
  span: string | null;
}

/** Rows in tree order. `start` and `duration` are in units of `unitNs` nanoseconds after `start`. */
export interface TimelineData {
  traceId: string;
  start: string;
  unitNs: number;
  /** Length of the whole recording in units. */
  duration: number;
  names: string[];
  services: string[];
  peers: string[];
  marks: Mark[];
  notices: string[];
  rows: number;
  columns: TimelineColumns;
}

export interface TimelineColumns {
  id: Uint32Array;
  start: Uint32Array;
  duration: Uint32Array;
  parent: Uint32Array;
  end: Uint32Array;
  depth: Uint16Array;
  name: Uint32Array;
  service: Uint16Array;
  peer: Uint16Array;
  kind: Uint8Array;
  status: Uint16Array;
  flags: Uint16Array;
  group: Uint32Array;
}

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

/** Views the columns of an answer. Throws when it is not a timeline of a version that is known here. */
export function decodeTimeline(buffer: ArrayBuffer): TimelineData {
  if (buffer.byteLength < HEADER_BYTES) throw new Error("The timeline is shorter than its header.");
  const head = new DataView(buffer);
  if (head.getUint32(0, true) !== MAGIC) throw new Error("The answer is not a timeline.");
  const version = head.getUint32(4, true);
  if (version !== VERSION) throw new Error(`The timeline has version ${version}; this page reads ${VERSION}.`);
  const jsonBytes = head.getUint32(8, true);
  const rows = head.getUint32(12, true);
  const dictionary = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, HEADER_BYTES, jsonBytes)));
  const base = HEADER_BYTES + jsonBytes;
  const columns: Record<string, ArrayBufferView> = {};
  for (const [name, [View, width]] of Object.entries(VIEWS)) {
    const column = dictionary.columns.find((entry: { name: string }) => entry.name === name);
    if (column === undefined) throw new Error(`The timeline has no column “${name}”.`);
    columns[name] = new View(buffer, base + column.offset, rows * width);
  }
  return {
    traceId: dictionary.trace_id,
    start: dictionary.start,
    unitNs: dictionary.unit_ns,
    duration: dictionary.duration,
    names: dictionary.names,
    services: dictionary.services,
    peers: dictionary.peers,
    marks: dictionary.marks,
    notices: dictionary.notices,
    rows,
    columns: columns as unknown as TimelineColumns,
  };
}

/** The span id of a row, 16 hex digits. */
export function spanId(data: TimelineData, row: number): string {
  const hex = (word: number | undefined) => (word ?? 0).toString(16).padStart(8, "0");
  return hex(data.columns.id[row * 2]) + hex(data.columns.id[row * 2 + 1]);
}

/** The row of a span; -1 when the recording has no such span. */
export function rowOf(data: TimelineData, span: string): number {
  if (!/^[0-9a-f]{16}$/.test(span)) return -1;
  const high = Number.parseInt(span.slice(0, 8), 16);
  const low = Number.parseInt(span.slice(8), 16);
  const { id } = data.columns;
  for (let row = 0; row < data.rows; row += 1) {
    if (id[row * 2] === high && id[row * 2 + 1] === low) return row;
  }
  return -1;
}
