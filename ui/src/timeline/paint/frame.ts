// What one frame is painted from, and the sizes that painting, hitting and the mirror agree on.
import type { Axis } from "../axis";
import type { Labels, Ruler } from "../labels";
import type { Model } from "../model";
import type { Palette } from "../palette";
import type { Tries } from "../tries";

/** Height of a row, in CSS pixels, as everything here. */
export const ROW = 26;
/** Height of the axis: ticks, flags, log records. */
export const HEAD = 44;
/** Room before the bars. */
export const CHART_PAD = 10;
/** Room behind the bars: a duration fits beside a bar that reaches the end. */
export const CHART_TAIL = 66;
/** Where the tree begins. */
export const TREE_PAD = 10;
/** The box of a twisty. */
export const TWISTY = 16;

/** The faces that texts are measured and painted in. */
export const FACES = ["text", "bold", "mono"] as const;
export type Face = (typeof FACES)[number];

export interface Frame {
  model: Model;
  labels: Labels;
  tries: Tries;
  palette: Palette;
  rulers: Record<Face, Ruler>;
  axis: Axis;
  width: number;
  height: number;
  /** Width of the tree's column. */
  tree: number;
  /** How far the rows are scrolled. */
  offset: number;
  /** The row that the verdict holds the failure against; -1 for none. */
  culprit: number;
  log: readonly LogTick[];
}

/** A log record on the axis; `at` in units. */
export interface LogTick {
  at: number;
  level: "warn" | "error" | "other";
}

/** The items that are seen, the last not included. */
export function seen({ model, offset, height }: Pick<Frame, "model" | "offset" | "height">): [number, number] {
  return [Math.max(0, Math.floor(offset / ROW)), Math.min(model.count, Math.ceil((offset + height) / ROW))];
}

/** Where the bars begin. */
export function chartLeft(tree: number): number {
  return tree + CHART_PAD;
}

export function chartWidth(width: number, tree: number): number {
  return Math.max(40, width - tree - CHART_PAD - CHART_TAIL);
}

/** How far a level is indented: less where the rows that are seen are deep. */
export interface Indent {
  step: number;
  /** The depth that is shown without indentation. */
  base: number;
}

const STEP_MOST = 14;
const STEP_LEAST = 3;
/** The share of the tree's column that indentation may take. */
const SHARE = 0.35;

export function indentOf(frame: Pick<Frame, "model" | "offset" | "height" | "tree">): Indent {
  const [first, last] = seen(frame);
  let [least, most] = [0xffff, 0];
  for (let index = first; index < last; index += 1) {
    const depth = frame.model.order.depths[index] ?? 0;
    if (depth < least) least = depth;
    if (depth > most) most = depth;
  }
  const room = frame.tree * SHARE;
  if (most * STEP_LEAST <= room) return { step: Math.min(STEP_MOST, room / Math.max(1, most)), base: 0 };
  const base = Math.min(least, most);
  return { step: Math.min(STEP_MOST, room / Math.max(1, most - base)), base };
}

export function indentPx({ step, base }: Indent, depth: number): number {
  return TREE_PAD + Math.max(0, depth - base) * step;
}
