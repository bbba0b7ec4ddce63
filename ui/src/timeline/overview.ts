// The whole recording in little: for each lane and pixel the one row that is shown there. A failed row wins over the
// culprit, that over the longest.
import { at, endOf, FLAG, KIND, NONE, type TimelineData } from "./data";

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
  const flags = data.columns.flags[row] as number;
  return (flags & FLAG.failed) !== 0 ? 2 : (flags & FLAG.culprit) !== 0 ? 1 : 0;
}

/** The pixel of a moment, within the width. */
export function pixelOf(time: number, { x, width }: OverviewInput): number {
  const pixel = Math.floor(x(time));
  return pixel < 0 ? 0 : pixel >= width ? width - 1 : pixel;
}

/** Rows that cover several pixels, with the first and the last of them. */
interface Wide {
  rows: number[];
  left: number[];
  right: number[];
}

/**
 * Puts rows of one pixel where they belong, the highest rank and then the first of each pixel, and gives the others.
 * In a long recording nearly all rows are of one pixel.
 */
function putNarrow(data: TimelineData, input: OverviewInput, pixels: Int32Array): Wide {
  const wide: Wide = { rows: [], left: [], right: [] };
  const { start, duration, kind } = data.columns;
  // Every row comes by here, so columns are read without `at` (see match.ts).
  for (let row = 0; row < data.rows; row += 1) {
    // The attempt covers everything, and says nothing.
    if (kind[row] === KIND.attempt) continue;
    const from = start[row] as number;
    const length = duration[row] as number;
    const left = pixelOf(from, input);
    const right = pixelOf(length === NONE ? endOf(data, row) : from + length, input);
    if (left === right) {
      const pixel = input.laneOf(row) * input.width + left;
      const there = pixels[pixel] as number;
      if (there < 0 || rankOf(data, row) > rankOf(data, there)) pixels[pixel] = row;
    } else {
      wide.rows.push(row);
      wide.left.push(left);
      wide.right.push(right);
    }
  }
  return wide;
}

/** The wide rows in the order in which they win: by rank, then by pixels covered, then by row. A counting sort. */
function byPrecedence(data: TimelineData, { rows, left, right }: Wide, width: number): Uint32Array {
  const starts = new Uint32Array(3 * width + 1);
  const keys = Uint32Array.from(rows, (row, index) => {
    return (3 - rankOf(data, row)) * width - 1 - (at(right, index) - at(left, index));
  });
  for (const key of keys) starts[key + 1] = at(starts, key + 1) + 1;
  for (let key = 1; key < starts.length; key += 1) starts[key] = at(starts, key) + at(starts, key - 1);
  const sorted = new Uint32Array(rows.length);
  keys.forEach((key, index) => {
    const place = at(starts, key);
    sorted[place] = index;
    starts[key] = place + 1;
  });
  return sorted;
}

/** The next pixel that is free, with the way there made shorter for the next who asks. */
function nextFree(free: Uint32Array, pixel: number): number {
  let root = pixel;
  while (at(free, root) !== root) root = at(free, root);
  for (let step = pixel; step !== root; ) {
    const next = at(free, step);
    free[step] = root;
    step = next;
  }
  return root;
}

/** Fills each pixel at most once: what is full is skipped over, so the time grows with rows and pixels, not with both. */
export function overview(data: TimelineData, given: OverviewInput): Overview {
  const width = Math.max(0, Math.floor(given.width));
  const input = { ...given, width };
  const { lanes, laneOf } = input;
  const pixels = new Int32Array(lanes * width).fill(-1);
  if (width === 0) return { lanes, width, rows: pixels };
  const wide = putNarrow(data, input, pixels);
  // One more pixel at the end of each lane is never filled.
  const stride = width + 1;
  const free = Uint32Array.from({ length: lanes * stride }, (_, index) => index);
  for (const index of byPrecedence(data, wide, width)) {
    const row = at(wide.rows, index);
    const lane = laneOf(row);
    const last = lane * stride + at(wide.right, index);
    let pixel = nextFree(free, lane * stride + at(wide.left, index));
    for (; pixel <= last; pixel = nextFree(free, pixel)) {
      const there = at(pixels, pixel - lane);
      // A row of one pixel is the shorter one, and wins by rank alone.
      if (there < 0 || rankOf(data, there) <= rankOf(data, row)) pixels[pixel - lane] = row;
      free[pixel] = pixel + 1;
    }
  }
  return { lanes, width, rows: pixels };
}
