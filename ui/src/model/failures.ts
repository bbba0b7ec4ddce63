// The way from failed call to failed call, read off the timeline's columns: also where there are a hundred thousand spans,
// nothing else has to be fetched for it.
import { FLAG, KIND, rowOf, spanId, type TimelineData } from "../timeline";

function isFailedCall(data: TimelineData, row: number): boolean {
  return data.columns.kind[row] === KIND.exchange && ((data.columns.flags[row] ?? 0) & FLAG.failed) !== 0;
}

/** Whether one row comes before another, by start and then by their order in the tree. */
function isBefore(data: TimelineData, one: number, other: number): boolean {
  const { start } = data.columns;
  const [a, b] = [start[one] ?? 0, start[other] ?? 0];
  return a < b || (a === b && one < other);
}

/**
 * The failed call after the span (`by` 1) or before it (-1), by start; from the last on to the first again. Null when no
 * call failed.
 */
export function nextFailure(data: TimelineData, span: string | null, by: 1 | -1): string | null {
  const from = span === null ? -1 : rowOf(data, span);
  const comesFirst = (one: number, other: number) =>
    by === 1 ? isBefore(data, one, other) : isBefore(data, other, one);
  let next = -1;
  let first = -1;
  for (let row = 0; row < data.rows; row += 1) {
    if (row === from || !isFailedCall(data, row)) continue;
    if (first < 0 || comesFirst(row, first)) first = row;
    if (from >= 0 && comesFirst(from, row) && (next < 0 || comesFirst(row, next))) next = row;
  }
  const found = next >= 0 ? next : first;
  if (found >= 0) return spanId(data, found);
  return from >= 0 && isFailedCall(data, from) ? span : null;
}
