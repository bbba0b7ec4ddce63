// The timeline as the server sends it, as typed arrays (protocol/http-api.md, "The timeline"), and what can be read off
// a single row.

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
  /** The attempt's own start on the axis, in units: from here the rest of the page counts its milliseconds. */
  attemptAt: number;
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

/** A number of a column. Rows are checked once, when the columns are decoded. */
export function at(column: ArrayLike<number>, row: number): number {
  return column[row] as number;
}

export function hasFlag(data: TimelineData, row: number, flag: number): boolean {
  return (at(data.columns.flags, row) & flag) !== 0;
}

export function hasChildren(data: TimelineData, row: number): boolean {
  return at(data.columns.end, row) > row + 1;
}

/** When a row ends, in units; one that never ended reaches to the end of the recording. */
export function endOf(data: TimelineData, row: number): number {
  const { start, duration } = data.columns;
  const length = at(duration, row);
  return length === NONE ? Math.max(data.duration, at(start, row)) : at(start, row) + length;
}

/** Units of the axis as the page's milliseconds, which count from the attempt's start. */
export function toMillis(data: TimelineData, units: number): number {
  return ((units - data.attemptAt) * data.unitNs) / 1e6;
}

/** The page's milliseconds as units of the axis. */
export function toUnits(data: TimelineData, millis: number): number {
  return (millis * 1e6) / data.unitNs + data.attemptAt;
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
