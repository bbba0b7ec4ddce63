// Folding: five or more alike siblings become one row that can be opened. Alike are tries of one call (a poll, a retry),
// with all that is below them, and leaves of one name.
import { at, endOf, FLAG, hasFlag, KIND, NONE, type TimelineData } from "./data";

/** So many siblings are folded. */
export const FOLD_FROM = 5;

export interface Folds {
  /** The rows of each fold, in order. */
  members: Uint32Array[];
  /** For each row the fold that it is in, plus one; 0 for none. */
  of: Uint32Array;
}

/** The classes of a parent's children, counted anew for each parent without clearing. */
interface Counter {
  stamp: Uint32Array;
  count: Uint32Array;
  fold: Int32Array;
}

function classOf(data: TimelineData, row: number): number {
  const { group, name, end, kind } = data.columns;
  const tries = at(group, row);
  if (tries !== 0) return data.names.length + tries;
  const isLeaf = at(end, row) === row + 1;
  return isLeaf && at(kind, row) !== KIND.attempt ? at(name, row) : -1;
}

/** The first child of a parent, and where its children end. */
function childrenOf(data: TimelineData, parent: number): [number, number] {
  return parent === NONE ? [0, data.rows] : [parent + 1, at(data.columns.end, parent)];
}

/** Counts the children of one parent by class. Gives how many the largest class has. */
function count(data: TimelineData, parent: number, turn: number, counter: Counter): number {
  const { end } = data.columns;
  const [first, last] = childrenOf(data, parent);
  let most = 0;
  for (let row = first; row < last; row = at(end, row)) {
    const kind = classOf(data, row);
    if (kind < 0) continue;
    const before = at(counter.stamp, kind) === turn ? at(counter.count, kind) : 0;
    counter.stamp[kind] = turn;
    counter.count[kind] = before + 1;
    counter.fold[kind] = -1;
    if (before >= most) most = before + 1;
  }
  return most;
}

/** Folds the children of one parent. `turn` is different for each parent. */
function foldChildren(data: TimelineData, parent: number, turn: number, counter: Counter, folds: Folds): void {
  if (count(data, parent, turn, counter) < FOLD_FROM) return;
  const { end } = data.columns;
  const [first, last] = childrenOf(data, parent);
  const filled = new Map<number, number>();
  for (let row = first; row < last; row = at(end, row)) {
    const kind = classOf(data, row);
    if (kind < 0 || at(counter.count, kind) < FOLD_FROM) continue;
    if (at(counter.fold, kind) < 0) {
      counter.fold[kind] = folds.members.length;
      folds.members.push(new Uint32Array(at(counter.count, kind)));
    }
    const fold = at(counter.fold, kind);
    const place = filled.get(fold) ?? 0;
    (folds.members[fold] as Uint32Array)[place] = row;
    filled.set(fold, place + 1);
    folds.of[row] = fold + 1;
  }
}

/** Finds what can be folded. Time and space grow with the number of rows alone. */
export function findFolds(data: TimelineData): Folds {
  const { group, end } = data.columns;
  let groups = 0;
  for (let row = 0; row < data.rows; row += 1) groups = Math.max(groups, at(group, row));
  const folds: Folds = { members: [], of: new Uint32Array(data.rows) };
  // A group's number is at most the number of rows; anything else is damage that costs the folding only.
  if (groups > data.rows) return folds;
  const classes = data.names.length + groups + 1;
  const counter: Counter = {
    stamp: new Uint32Array(classes),
    count: new Uint32Array(classes),
    fold: new Int32Array(classes),
  };
  foldChildren(data, NONE, 1, counter, folds);
  for (let row = 0; row < data.rows; row += 1) {
    if (at(end, row) > row + FOLD_FROM) foldChildren(data, row, row + 2, counter, folds);
  }
  return folds;
}

/** So many failed members of a fold are painted. */
const FAILURES_MOST = 4096;

/** What a fold says of its members. */
export interface Summary {
  start: number;
  end: number;
  failed: number;
  /** The first of those that failed. */
  failures: number[];
  /** All flags that any member has. */
  flags: number;
  /** `41× 200, 1× 429`, the most frequent first; `200` when all have it; empty when none has one. */
  statuses: string;
}

/** Looks at every member: to be kept, not to be asked for in each frame. */
export function summarize(data: TimelineData, members: Uint32Array): Summary {
  const { start, status, flags } = data.columns;
  const counts = new Map<number, number>();
  const sum: Summary = { start: NONE, end: 0, failed: 0, failures: [], flags: 0, statuses: "" };
  for (const row of members) {
    sum.start = Math.min(sum.start, at(start, row));
    sum.end = Math.max(sum.end, endOf(data, row));
    sum.flags |= at(flags, row);
    if (hasFlag(data, row, FLAG.failed)) {
      sum.failed += 1;
      if (sum.failures.length < FAILURES_MOST) sum.failures.push(row);
    }
    const said = at(status, row);
    if (said !== 0) counts.set(said, (counts.get(said) ?? 0) + 1);
  }
  const sorted = [...counts].sort((one, other) => other[1] - one[1] || one[0] - other[0]);
  const [most] = sorted;
  const isOne = most?.[1] === members.length;
  sum.statuses = isOne ? String(most?.[0]) : sorted.map(([said, times]) => `${times}× ${said}`).join(", ");
  return sum;
}

/** The member that stands for a fold when its details are asked for: the culprit, else the last failed, else the last. */
export function representative(data: TimelineData, members: Uint32Array): number {
  let found = members[members.length - 1] as number;
  let failed = false;
  for (const row of members) {
    if (hasFlag(data, row, FLAG.culprit)) return row;
    if (hasFlag(data, row, FLAG.failed)) {
      found = row;
      failed = true;
    } else if (!failed) found = row;
  }
  return found;
}
