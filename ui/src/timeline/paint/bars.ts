// The right side of a row: when it ran, for how long, and how it ended.

import { duration } from "../../text/format";
import { actorOf } from "../actors";
import { at, endOf, FLAG, hasFlag, KIND, NONE } from "../data";
import { isFold } from "../order";
import { barColour } from "../palette";
import { CHART_PAD, chartLeft, type Frame, ROW } from "./frame";
import type { TextPass } from "./text";

type Pen = CanvasRenderingContext2D;

const BAR = 12;
const THIN = 4;
const LEAST_PX = 2;
const LABEL_GAP = 6;
/** Of a fold with more members only the whole stretch and the failures are painted. */
const SEGMENTS_MOST = 4096;

/** A bar on the screen, cut to what is seen. */
interface Box {
  left: number;
  right: number;
  top: number;
  height: number;
}

const CONTAINERS: ReadonlySet<number> = new Set([KIND.attempt, KIND.fixture, KIND.hook, KIND.step]);

function boxOf(frame: Frame, from: number, to: number, middle: number, height: number): Box {
  const { axis, tree } = frame;
  const origin = chartLeft(tree);
  const left = Math.max(-CHART_PAD, Math.min(axis.width, axis.x(from)));
  const right = Math.max(left + LEAST_PX, Math.min(axis.width, axis.x(to)));
  return { left: origin + left, right: origin + right, top: middle - height / 2, height };
}

function fill(pen: Pen, { left, right, top, height }: Box): void {
  // Clocks that differ can put a server outside of its call.
  if (right <= left) return;
  pen.beginPath();
  pen.roundRect(left, top, right - left, height, Math.min(2.5, (right - left) / 2));
  pen.fill();
}

function outline(pen: Pen, { left, right, top, height }: Box): void {
  pen.beginPath();
  pen.roundRect(left - 1, top - 1, right - left + 2, height + 2, 3);
  pen.stroke();
}

/** A bar without an end: hatched, and open to the right. */
function hatch(pen: Pen, box: Box, colour: string): void {
  const { left, right, top, height } = box;
  pen.save();
  pen.beginPath();
  pen.rect(left, top, right - left, height);
  pen.clip();
  pen.beginPath();
  for (let x = left - height; x < right; x += 6) {
    pen.moveTo(x, top + height);
    pen.lineTo(x + height, top);
  }
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  pen.stroke();
  pen.restore();
  pen.beginPath();
  pen.moveTo(right, top);
  pen.lineTo(left, top);
  pen.lineTo(left, top + height);
  pen.lineTo(right, top + height);
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  pen.stroke();
}

/** The members of a fold, as segments of one path for what went well and one for what failed. */
function paintFold(pen: Pen, frame: Frame, item: number, middle: number, colour: string): void {
  const { model, palette, axis } = frame;
  const { data } = model;
  const members = model.membersOf(item);
  const span = model.spanOf(item);
  pen.fillStyle = colour;
  pen.globalAlpha = 0.28;
  fill(pen, boxOf(frame, span.from, span.to, middle, THIN));
  pen.globalAlpha = 1;
  const height = model.isOpen(item) ? THIN : BAR;
  const segments = (rows: ArrayLike<number>, ink: string) => {
    pen.beginPath();
    for (let index = 0; index < rows.length; index += 1) {
      const row = at(rows, index);
      if (axis.x(endOf(data, row)) < 0 || axis.x(at(data.columns.start, row)) > axis.width) continue;
      const { left, right, top } = boxOf(frame, at(data.columns.start, row), endOf(data, row), middle, height);
      pen.rect(left, top, Math.max(LEAST_PX, right - left - 0.5), height);
    }
    pen.fillStyle = ink;
    pen.fill();
  };
  if (members.length <= SEGMENTS_MOST) segments(members, colour);
  segments(model.summaryOf(item).failures, palette.fail);
}

function paintBar(pen: Pen, frame: Frame, row: number, box: Box, middle: number): void {
  const { model, palette } = frame;
  const { data } = model;
  const { kind, start, duration: length } = data.columns;
  const failed = hasFlag(data, row, FLAG.failed);
  const isContainer = CONTAINERS.has(at(kind, row));
  const colour = isContainer ? palette.text3 : barColour(palette, actorOf(data, model.actors, row));
  pen.fillStyle = colour;
  if (at(length, row) === NONE) {
    hatch(pen, box, failed ? palette.fail : colour);
    return;
  }
  // A call whose server is in the recording: what the server took is solid, the way there and back is pale.
  const child = row + 1;
  const served = child < at(data.columns.end, row) && at(kind, child) === KIND.server && at(length, child) !== NONE;
  const isMocked = hasFlag(data, row, FLAG.mocked);
  pen.globalAlpha = isMocked ? 0.25 : served && at(kind, row) === KIND.exchange ? 0.42 : 1;
  fill(pen, box);
  pen.globalAlpha = 1;
  if (served && !isMocked && at(kind, row) === KIND.exchange) {
    const inner = boxOf(frame, at(start, child), endOf(data, child), middle, box.height);
    fill(pen, { ...inner, left: Math.max(box.left, inner.left), right: Math.min(box.right, inner.right) });
  }
  if (failed && !isContainer) {
    pen.strokeStyle = palette.fail;
    pen.lineWidth = 1.75;
    outline(pen, box);
  }
}

/** The duration beside a bar: right of it, where there is always room. */
function paintLength(texts: TextPass, box: Box, text: string, failed: boolean, halo: string): void {
  const middle = box.top + box.height / 2;
  texts.add("mono", failed ? "fail" : "text2", text, box.right + LABEL_GAP, middle, halo);
}

/** The bar of one row, or of a fold, on a background. */
export function paintBarRow(pen: Pen, frame: Frame, texts: TextPass, index: number, background: string): void {
  const { model, axis, tree, palette, offset } = frame;
  const { data } = model;
  const item = model.item(index);
  const middle = index * ROW - offset + ROW / 2;
  const fold = isFold(item);
  const row = fold ? at(model.membersOf(item), 0) : item;
  const span = fold ? model.spanOf(item) : { from: at(data.columns.start, row), to: endOf(data, row) };
  const origin = chartLeft(tree);
  // What ran before or after the window points to where it is.
  if (axis.x(span.to) < 0) {
    texts.add("mono", "text3", "◂", origin - 6, middle);
    return;
  }
  if (axis.x(span.from) > axis.width) {
    texts.add("mono", "text3", "▸", origin + axis.width + LABEL_GAP, middle);
    return;
  }
  const isContainer = CONTAINERS.has(at(data.columns.kind, row));
  const box = boxOf(frame, span.from, span.to, middle, isContainer ? THIN : BAR);
  if (fold) paintFold(pen, frame, item, middle, barColour(palette, actorOf(data, model.actors, row)));
  else paintBar(pen, frame, row, box, middle);
  const ended = fold || at(data.columns.duration, row) !== NONE;
  const failed = !fold && hasFlag(data, row, FLAG.failed);
  const text = ended ? duration(((span.to - span.from) * data.unitNs) / 1e6) : "never ended";
  paintLength(texts, box, text, failed, background);
}
