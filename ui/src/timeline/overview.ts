// The whole recording in little: for each lane and pixel the one row that is shown there. A failed row wins over the
// culprit, that over the longest.
import { at, endOf, FLAG, KIND, type TimelineData } from "./data";

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
  const flags = at(data.columns.flags, row);
  return (flags & FLAG.failed) !== 0 ? 2 : (flags & FLAG.culprit) !== 0 ? 1 : 0;
}

/** The pixel of a moment, within the width. */
export function pixelOf(time: number, { x, width }: OverviewInput): number {
  const pixel = Math.floor(x(time));
  return pixel < 0 ? 0 : pixel >= width ? width - 1 : pixel;
}

/** The pixels that each row covers, both inclusive. */
interface Covered {
  left: Uint16Array;
  right: Uint16Array;
}

function coveredBy(data: TimelineData, input: OverviewInput): Covered {
  const left = new Uint16Array(data.rows);
  const right = new Uint16Array(data.rows);
  const { start } = data.columns;
  for (let row = 0; row < data.rows; row += 1) {
    left[row] = pixelOf(at(start, row), input);
    right[row] = pixelOf(endOf(data, row), input);
  }
  return { left, right };
}

/** All rows in the order in which they win: by rank, then by pixels covered, then by row. A counting sort. */
function byPrecedence(data: TimelineData, { left, right }: Covered, width: number): Uint32Array {
  const { kind } = data.columns;
  // The attempt covers everything, and says nothing.
  const silent = 3 * width;
  const starts = new Uint32Array(silent + 2);
  const keys = new Uint32Array(data.rows);
  for (let row = 0; row < data.rows; row += 1) {
    const isAttempt = at(kind, row) === KIND.attempt;
    const last = (3 - rankOf(data, row)) * width - 1;
    const key = isAttempt ? silent : last - (at(right, row) - at(left, row));
    keys[row] = key;
    starts[key + 1] = at(starts, key + 1) + 1;
  }
  for (let key = 1; key < starts.length; key += 1) starts[key] = at(starts, key) + at(starts, key - 1);
  const sorted = new Uint32Array(at(starts, silent));
  for (let row = 0; row < data.rows; row += 1) {
    const key = at(keys, row);
    if (key === silent) continue;
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
  const covered = coveredBy(data, { ...input, width });
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
  for (const row of byPrecedence(data, covered, width)) {
    const lane = laneOf(row);
    const last = lane * stride + at(covered.right, row);
    for (let pixel = nextFree(lane * stride + at(covered.left, row)); pixel <= last; pixel = nextFree(pixel)) {
      rows[pixel - lane] = row;
      free[pixel] = pixel + 1;
    }
  }
  return { lanes, width, rows };
}
