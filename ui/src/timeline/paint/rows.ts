// One frame of the rows: backgrounds, grid, bars, tree, then all texts. Only rows that are seen are touched.
import { at, FLAG, hasFlag, rowOf } from "../data";
import { isFold } from "../order";
import { ticks } from "../ticks";
import { paintBarRow } from "./bars";
import { chartLeft, type Frame, indentOf, ROW, seen } from "./frame";
import { TextPass } from "./text";
import { paintGuides, paintTreeRow } from "./tree";

type Pen = CanvasRenderingContext2D;

/** How wide the stripe at the left edge of a row is that the verdict names. */
const STRIPE = 3;

/** What the verdict says of an item, also of a member of a closed fold. */
function told(frame: Frame, item: number, flag: number): boolean {
  const { model } = frame;
  if (!isFold(item)) return hasFlag(model.data, item, flag);
  return model.isOpen(item) === false && (model.summaryOf(item).flags & flag) !== 0;
}

function backgroundOf(frame: Frame, item: number): string {
  if (item === frame.model.cursor) return frame.palette.selected;
  return told(frame, item, FLAG.culprit) ? frame.palette.flagSoft : frame.palette.surface;
}

function paintBackgrounds(pen: Pen, frame: Frame, first: number, last: number): void {
  const { model, palette, width, offset } = frame;
  for (let index = first; index < last; index += 1) {
    const item = model.item(index);
    const top = index * ROW - offset;
    const culprit = told(frame, item, FLAG.culprit);
    const background = backgroundOf(frame, item);
    if (background !== palette.surface) {
      pen.fillStyle = background;
      pen.fillRect(0, top, width, ROW);
    }
    if (culprit || told(frame, item, FLAG.cited)) {
      pen.fillStyle = palette.flag;
      pen.globalAlpha = culprit ? 1 : 0.45;
      pen.fillRect(0, top, STRIPE, ROW);
      pen.globalAlpha = 1;
    }
  }
}

function paintGrid(pen: Pen, frame: Frame): void {
  const { axis, tree, palette, height, model } = frame;
  const origin = chartLeft(tree);
  for (const gap of axis.breaks) {
    pen.fillStyle = palette.sunken;
    pen.fillRect(origin + gap.left, 0, gap.right - gap.left, height);
  }
  pen.beginPath();
  for (const { x } of ticks(axis, model.data.unitNs, model.data.attemptAt)) {
    const at = Math.round(origin + x) + 0.5;
    pen.moveTo(at, 0);
    pen.lineTo(at, height);
  }
  pen.strokeStyle = palette.line;
  pen.globalAlpha = 0.7;
  pen.lineWidth = 1;
  pen.stroke();
  pen.globalAlpha = 1;
}

/** Lines down all rows where an assertion failed, and where the culprit began. */
function paintMarks(pen: Pen, frame: Frame): void {
  const { palette, height, tree } = frame;
  pen.setLineDash([4, 3]);
  pen.lineWidth = 1;
  for (const flag of flagsOf(frame)) {
    const x = Math.round(chartLeft(tree) + flag.x) + 0.5;
    pen.beginPath();
    pen.moveTo(x, 0);
    pen.lineTo(x, height);
    pen.strokeStyle = flag.isFailure ? palette.fail : palette.flag;
    pen.stroke();
  }
  pen.setLineDash([]);
}

/** A flag on the axis. */
export interface Flag {
  x: number;
  isFailure: boolean;
  text: string;
}

/** So many marks are shown; a recording with more has them in its rows. */
const FLAGS_MOST = 40;

/** The marks and the culprit that are within the window. */
export function flagsOf({ model, axis, culprit }: Pick<Frame, "model" | "axis" | "culprit">): Flag[] {
  const { data } = model;
  const flags = data.marks.slice(0, FLAGS_MOST).map((mark) => ({ at: mark.at, isFailure: true, text: mark.text }));
  if (culprit >= 0) flags.push({ at: at(data.columns.start, culprit), isFailure: false, text: "culprit" });
  return flags
    .map((flag) => ({ x: axis.x(flag.at), isFailure: flag.isFailure, text: flag.text }))
    .filter(({ x }) => x >= -1 && x <= axis.width + 1)
    .sort((a, b) => a.x - b.x);
}

/** The row of the culprit; -1 for none. */
export function culpritRow(frame: Pick<Frame, "model">, span: string | null): number {
  return span === null ? -1 : rowOf(frame.model.data, span);
}

export function paintRows(pen: Pen, frame: Frame): void {
  const { palette, width, height, tree } = frame;
  const [first, last] = seen(frame);
  const indent = indentOf(frame);
  const texts = new TextPass();
  pen.fillStyle = palette.surface;
  pen.fillRect(0, 0, width, height);
  paintGrid(pen, frame);
  paintBackgrounds(pen, frame, first, last);
  pen.save();
  pen.beginPath();
  pen.rect(tree, 0, width - tree, height);
  pen.clip();
  paintMarks(pen, frame);
  for (let index = first; index < last; index += 1) {
    paintBarRow(pen, frame, texts, index, backgroundOf(frame, frame.model.item(index)));
  }
  pen.restore();
  paintGuides(pen, frame, indent, first, last);
  for (let index = first; index < last; index += 1) paintTreeRow(pen, frame, texts, indent, index);
  texts.paint(pen, palette);
}
