// The whole recording in little: for each lane and pixel the one row that is shown there. A failed row wins over the
// culprit, that over the longest.
import { at, endOf, FLAG, hasFlag, KIND, type TimelineData } from "./data";

/** The row of each pixel, lane after lane; -1 where nothing ran. */
export interface Overview {
  lanes: number;
  width: number;
  rows: Int32Array;
}

export interface OverviewInput {
  lanes: number;
  width: number;
  /** The lane of a row. */
  laneOf: (row: number) => number;
  /** The pixel of a moment, within 0 and the width. */
  x: (time: number) => number;
}

/** 2 failed, 1 culprit, 0 the rest. */
export function rankOf(data: TimelineData, row: number): number {
  if (hasFlag(data, row, FLAG.failed)) return 2;
  return hasFlag(data, row, FLAG.culprit) ? 1 : 0;
}

/** The pixels that a row covers, both inclusive. */
export function pixelsOf(data: TimelineData, row: number, { x, width }: OverviewInput): [number, number] {
  const clamp = (pixel: number) => Math.min(width - 1, Math.max(0, Math.floor(pixel)));
  return [clamp(x(at(data.columns.start, row))), clamp(x(endOf(data, row)))];
}

/** All rows in the order in which they win: by rank, then by pixels covered, then by row. A counting sort. */
function byPrecedence(data: TimelineData, left: Uint16Array, right: Uint16Array, width: number): Uint32Array {
  const { kind } = data.columns;
  const starts = new Uint32Array(3 * width + 2);
  const keys = new Uint32Array(data.rows);
  for (let row = 0; row < data.rows; row += 1) {
    // The attempt covers everything, and says nothing.
    const covered = at(right, row) - at(left, row);
    const isAttempt = at(kind, row) === KIND.attempt;
    const key = isAttempt ? 3 * width : (2 - rankOf(data, row)) * width + (width - 1 - covered);
    keys[row] = key;
    starts[key + 1] = at(starts, key + 1) + 1;
  }
  for (let key = 1; key < starts.length; key += 1) starts[key] = at(starts, key) + at(starts, key - 1);
  const sorted = new Uint32Array(at(starts, 3 * width));
  for (let row = 0; row < data.rows; row += 1) {
    const key = at(keys, row);
    if (key === 3 * width) continue;
    const place = at(starts, key);
    sorted[place] = row;
    starts[key] = place + 1;
  }
  return sorted;
}

/** Fills each pixel once: whatever is full is skipped over, so the time grows with rows and pixels, not with both. */
export function overview(data: TimelineData, input: OverviewInput): Overview {
  const { lanes, laneOf } = input;
  const width = Math.min(0xffff, Math.max(0, Math.floor(input.width)));
  const rows = new Int32Array(lanes * width).fill(-1);
  if (width === 0) return { lanes, width, rows };
  const left = new Uint16Array(data.rows);
  const right = new Uint16Array(data.rows);
  for (let row = 0; row < data.rows; row += 1) {
    [left[row], right[row]] = pixelsOf(data, row, { ...input, width });
  }
  // For each pixel of each lane the next that is free; one more at the end of a lane is never filled.
  const stride = width + 1;
  const free = new Uint32Array(lanes * stride);
  for (let index = 0; index < free.length; index += 1) free[index] = index;
  const nextFree = (pixel: number) => {
    let root = pixel;
    while (at(free, root) !== root) root = at(free, root);
    for (let step = pixel; step !== root; ) {
      const next = at(free, step);
      free[step] = root;
      step = next;
    }
    return root;
  };
  for (const row of byPrecedence(data, left, right, width)) {
    const lane = laneOf(row);
    const last = lane * stride + at(right, row);
    for (let pixel = nextFree(lane * stride + at(left, row)); pixel <= last; pixel = nextFree(pixel)) {
      rows[pixel - lane] = row;
      free[pixel] = pixel + 1;
    }
  }
  return { lanes, width, rows };
}
