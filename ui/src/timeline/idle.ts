// Where nothing happens: stretches in which nothing runs but the test itself, its fixtures, hooks and steps.
import { at, KIND, NONE, type TimelineData } from "./data";

/** A stretch of the axis in units. */
export interface Span {
  from: number;
  to: number;
}

/** The axis is looked at in so many pieces; a gap that fills none of them is not found, and not worth a break. */
const PIECES = 4096;
/** A gap of this share of the window is worth a break. */
const WORTH = 0.05;
/** From this share of idleness on, breaks are on without asking. */
const MOSTLY_IDLE = 0.4;

/** Kinds of spans that hold others, and do nothing themselves. */
const CONTAINERS = (1 << KIND.attempt) | (1 << KIND.fixture) | (1 << KIND.hook) | (1 << KIND.step);

/** All gaps in order, exact to the unit. Marks end a gap, because a break must not hide one. */
export function idleGaps(data: TimelineData): Span[] {
  const size = Math.max(1, data.duration / PIECES);
  const piece = (units: number) => Math.min(PIECES - 1, Math.floor(units / size));
  // How many begin in a piece, less how many ended in the piece before it.
  const change = new Int32Array(PIECES + 1);
  const first = new Float64Array(PIECES).fill(Number.POSITIVE_INFINITY);
  const last = new Float64Array(PIECES);
  const busy = (from: number, to: number) => {
    const begins = piece(from);
    const ends = piece(to);
    change[begins] = (change[begins] as number) + 1;
    change[ends + 1] = (change[ends + 1] as number) - 1;
    if (from < (first[begins] as number)) first[begins] = from;
    if (to > (last[ends] as number)) last[ends] = to;
  };
  const { start, duration, kind } = data.columns;
  // Every row comes by here, so columns are read without `at` (see match.ts).
  for (let row = 0; row < data.rows; row += 1) {
    if (((CONTAINERS >> (kind[row] as number)) & 1) === 1) continue;
    const from = start[row] as number;
    const length = duration[row] as number;
    busy(from, length === NONE ? data.duration : Math.min(data.duration, from + length));
  }
  for (const { at: moment } of data.marks) busy(Math.min(moment, data.duration), Math.min(moment, data.duration));
  const gaps: Span[] = [];
  let running = 0;
  let from: number | null = 0;
  for (let index = 0; index < PIECES; index += 1) {
    running += at(change, index);
    if (running === 0) {
      // What ran in the piece before ended there, so the gap begins with the last end.
      from ??= at(last, index - 1);
    } else if (from !== null) {
      if (index > 0 && at(first, index) > from) gaps.push({ from, to: at(first, index) });
      from = null;
    }
  }
  if (from !== null && data.duration > from) gaps.push({ from, to: data.duration });
  return gaps;
}

/** Whether so much of a recording is idle that it is better read without. */
export function isMostlyIdle(gaps: readonly Span[], duration: number): boolean {
  let idle = 0;
  for (const gap of gaps) if (gap.to - gap.from >= duration * WORTH) idle += gap.to - gap.from;
  return idle > duration * MOSTLY_IDLE;
}

/** The gaps that are worth a break in a window; none when nothing would be left beside them. */
export function breaksIn(gaps: readonly Span[], window: Span): Span[] {
  const length = window.to - window.from;
  const worth = gaps
    .map(({ from, to }) => ({ from: Math.max(from, window.from), to: Math.min(to, window.to) }))
    .filter(({ from, to }) => to - from >= length * WORTH);
  const idle = worth.reduce((sum, { from, to }) => sum + to - from, 0);
  return idle < length ? worth : [];
}
