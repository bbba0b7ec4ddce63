// What a timeline shows and what the reader did to it, without any drawing: the order of rows, the window, the cursor.

import { type Actors, actorsOf } from "./actors";
import { Axis, clampWindow, pan, zoomAt, zoomTo } from "./axis";
import {
  at,
  endOf,
  FLAG,
  hasChildren,
  hasFlag,
  KIND,
  NONE,
  rowOf,
  spanId,
  type TimelineData,
  toMillis,
  toUnits,
} from "./data";
import { type Folds, findFolds, representative, type Summary, summarize } from "./folds";
import { breaksIn, idleGaps, isMostlyIdle, type Span } from "./idle";
import { type Match, matchRows } from "./match";
import { FOLD_BIT, foldOf, isFold, type Openness, type Order, reveal, visibleOrder } from "./order";

/** No item. */
export const NOTHING = -1;

export class Model {
  readonly folds: Folds;
  readonly actors: Actors;
  readonly gaps: readonly Span[];
  order: Order;
  match: Match | null = null;
  /** The stretch that is shown, in units. */
  window: Span;
  /** The item under the keyboard's cursor; `NOTHING` for none. */
  cursor = NOTHING;
  compressed: boolean;
  private readonly openness: Openness;
  private readonly summaries = new Map<number, Summary>();
  private query = "";

  constructor(readonly data: TimelineData) {
    this.folds = findFolds(data);
    this.actors = actorsOf(data);
    this.gaps = idleGaps(data);
    this.compressed = isMostlyIdle(this.gaps, data.duration);
    this.window = this.whole;
    this.openness = {
      collapsed: new Uint8Array(data.rows),
      opened: new Uint8Array(this.folds.members.length),
    };
    this.openCulprit();
    this.order = visibleOrder(data, this.folds, this.openness, null);
  }

  /** Whatever hides the culprit is open from the start. */
  private openCulprit(): void {
    const { flags } = this.data.columns;
    for (let row = 0; row < this.data.rows; row += 1) {
      if ((at(flags, row) & FLAG.culprit) !== 0) reveal(this.data, this.folds, this.openness, row);
    }
  }

  get whole(): Span {
    return clampWindow({ from: 0, to: this.data.duration }, this.data.duration);
  }

  get isWhole(): boolean {
    const { from, to } = this.whole;
    return this.window.from <= from && this.window.to >= to;
  }

  /** The axis of the window over a width in pixels. */
  axis(width: number): Axis {
    return this.axisOf(this.window, width);
  }

  /** The axis of the whole recording. */
  overviewAxis(width: number): Axis {
    return this.axisOf(this.whole, width);
  }

  private axisOf(window: Span, width: number): Axis {
    return new Axis(window, width, this.compressed ? breaksIn(this.gaps, window) : []);
  }

  /** Whether there is an idle stretch that can be left out. */
  get hasIdle(): boolean {
    return breaksIn(this.gaps, this.whole).length > 0;
  }

  // Rows

  get count(): number {
    return this.order.items.length;
  }

  item(index: number): number {
    return this.order.items[index] ?? NOTHING;
  }

  /** Where an item is shown; `NOTHING` when it is not. */
  indexOf(item: number): number {
    if (item < 0) return NOTHING;
    const { place, foldPlace } = this.order;
    const index = isFold(item) ? foldPlace[foldOf(item)] : place[item];
    return index === undefined || index === NONE ? NOTHING : index;
  }

  membersOf(item: number): Uint32Array {
    return this.folds.members[foldOf(item)] ?? new Uint32Array();
  }

  /** The row whose details an item stands for. */
  rowFor(item: number): number {
    return isFold(item) ? representative(this.data, this.membersOf(item)) : item;
  }

  /** What a fold's members have in common. */
  summaryOf(item: number): Summary {
    const known = this.summaries.get(item);
    if (known !== undefined) return known;
    const summary = summarize(this.data, this.membersOf(item));
    this.summaries.set(item, summary);
    return summary;
  }

  /** When an item runs, in units. */
  spanOf(item: number): Span {
    if (!isFold(item)) return { from: at(this.data.columns.start, item), to: endOf(this.data, item) };
    const { start, end } = this.summaryOf(item);
    return { from: start, to: end };
  }

  // What is open

  /** True or false for what can be opened, undefined for what cannot: while a filter is on, all that it keeps is shown. */
  isOpen(item: number): boolean | undefined {
    if (isFold(item)) return this.openness.opened[foldOf(item)] === 1;
    if (this.match !== null || !hasChildren(this.data, item)) return undefined;
    return this.openness.collapsed[item] === 0;
  }

  setOpen(item: number, open: boolean): void {
    if (isFold(item)) this.openness.opened[foldOf(item)] = open ? 1 : 0;
    else this.openness.collapsed[item] = open ? 0 : 1;
    this.reorder();
  }

  /** Collapses everything below a depth, or opens it all. */
  collapseBelow(depth: number): void {
    const { collapsed } = this.openness;
    for (let row = 0; row < this.data.rows; row += 1) {
      collapsed[row] = at(this.data.columns.depth, row) >= depth && hasChildren(this.data, row) ? 1 : 0;
    }
    this.reorder();
  }

  filter(query: string): void {
    if (query === this.query) return;
    this.query = query;
    this.match = matchRows(this.data, query);
    this.reorder();
  }

  private reorder(): void {
    this.order = visibleOrder(this.data, this.folds, this.openness, this.match?.kept ?? null);
  }

  // More of the same recording

  /** The item that stands for an item of an earlier state of the recording; `NOTHING` when it is gone. */
  itemFrom(before: Model, item: number, find = (span: string) => rowOf(this.data, span)): number {
    if (item < 0) return NOTHING;
    const row = find(spanId(before.data, isFold(item) ? at(before.membersOf(item), 0) : item));
    const fold = row < 0 ? 0 : at(this.folds.of, row);
    return isFold(item) && fold > 0 ? foldItem(fold - 1) : row;
  }

  /** Takes over what the reader did to an earlier state of the recording. */
  takeOver(before: Model): void {
    const { collapsed, opened } = before.openness;
    if (collapsed.includes(1) || opened.includes(1)) {
      const rows = new Map(Array.from({ length: this.data.rows }, (_, row) => [spanId(this.data, row), row]));
      const now = (item: number) => this.itemFrom(before, item, (span) => rows.get(span) ?? NOTHING);
      collapsed.forEach((is, row) => {
        const item = is === 1 ? now(row) : NOTHING;
        if (item >= 0) this.openness.collapsed[item] = 1;
      });
      opened.forEach((is, fold) => {
        const item = is === 1 ? now(foldItem(fold)) : NOTHING;
        if (isFold(item)) this.openness.opened[foldOf(item)] = 1;
      });
      this.reorder();
    }
    this.cursor = this.itemFrom(before, before.cursor);
    this.compressed = before.compressed;
    if (before.isWhole) return;
    const units = (then: number) => toUnits(this.data, toMillis(before.data, then));
    this.setWindow({ from: units(before.window.from), to: units(before.window.to) });
  }

  // The cursor

  /** Puts the cursor on a span and opens what hides it. Gives whether the cursor moved. */
  select(span: string | null): boolean {
    const row = span === null ? NOTHING : rowOf(this.data, span);
    if (row === this.cursor || (this.cursor >= 0 && row >= 0 && this.rowFor(this.cursor) === row)) return false;
    this.cursor = row;
    if (row >= 0 && reveal(this.data, this.folds, this.openness, row)) this.reorder();
    return true;
  }

  /** The item that is so many rows further; the first or the last at the ends. */
  step(by: number): number {
    const from = this.indexOf(this.cursor);
    const start = from === NOTHING ? (by > 0 ? -1 : this.count) : from;
    return this.item(Math.max(0, Math.min(this.count - 1, start + by)));
  }

  /** The item that an item is below of: an open fold, else the parent. */
  above(item: number): number {
    const index = this.indexOf(item);
    const depth = this.order.depths[index] ?? 0;
    for (let up = index - 1; up >= 0; up -= 1) {
      if ((this.order.depths[up] ?? 0) < depth) return this.item(up);
    }
    return NOTHING;
  }

  /** The next failed row before or behind the cursor, wherever it is hidden; round the ends. */
  failure(by: 1 | -1): number {
    const { rows } = this.data;
    const from = this.cursor < 0 ? (by > 0 ? -1 : rows) : this.rowFor(this.cursor);
    for (let step = 1; step <= rows; step += 1) {
      const row = (((from + by * step) % rows) + rows) % rows;
      const isAttempt = at(this.data.columns.kind, row) === KIND.attempt;
      if (!isAttempt && hasFlag(this.data, row, FLAG.failed) && this.match?.kept[row] !== 0) return row;
    }
    return NOTHING;
  }

  // The window

  zoom(axis: Axis, x: number, factor: number): void {
    this.window = zoomAt(axis, x, factor, this.data.duration);
  }

  pan(axis: Axis, px: number): void {
    this.window = pan(axis, px, this.data.duration);
  }

  show(axis: Axis, left: number, right: number): void {
    this.window = zoomTo(axis, left, right, this.data.duration);
  }

  setWindow(window: Span): void {
    this.window = clampWindow(window, this.data.duration);
  }

  /** Shows an item with a little room around it. */
  zoomToItem(item: number): void {
    const { from, to } = this.spanOf(item);
    const room = Math.max((to - from) * 0.08, 1);
    this.setWindow({ from: Math.max(0, from - room), to: Math.min(this.whole.to, to + room) });
  }
}

export function foldItem(fold: number): number {
  return FOLD_BIT + fold;
}
