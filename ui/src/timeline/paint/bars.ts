// The right side of a row: when it ran, for how long, and how it ended.

import { duration } from "../../text/format";
import { actorOf } from "../actors";
import { at, endOf, FLAG, hasFlag, KIND, NONE } from "../data";
import { isFold } from "../order";
import { barColour } from "../palette";
import { chartLeft, type Frame, ROW } from "./frame";
import type { TextPass } from "./text";

type Pen = CanvasRenderingContext2D;

const BAR = 12;
const THIN = 4;
const LEAST_PX = 2;
const LABEL_GAP = 6;
/** Of a fold with more members only its whole stretch and its failures are painted. */
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
  const left = Math.max(-20, Math.min(axis.width + 20, axis.x(from)));
  const right = Math.max(left + LEAST_PX, Math.min(axis.width + 20, axis.x(to)));
  return { left: origin + left, right: origin + right, top: middle - height / 2, height };
}

function fill(pen: Pen, { left, right, top, height }: Box): void {
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
  const { model, palette } = frame;
  const { data } = model;
  const members = model.membersOf(item);
  const span = model.spanOf(item);
  pen.fillStyle = colour;
  pen.globalAlpha = 0.28;
  fill(pen, boxOf(frame, span.from, span.to, middle, THIN));
  pen.globalAlpha = 1;
  const few = members.length <= SEGMENTS_MOST;
  const height = model.isOpen(item) ? THIN : BAR;
  for (const failed of [false, true]) {
    pen.beginPath();
    let painted = 0;
    for (const row of members) {
      if (hasFlag(data, row, FLAG.failed) !== failed || (!few && (!failed || painted >= SEGMENTS_MOST))) continue;
      const { left, right, top } = boxOf(frame, at(data.columns.start, row), endOf(data, row), middle, height);
      pen.rect(left, top, Math.max(LEAST_PX, right - left - 0.5), height);
      painted += 1;
    }
    pen.fillStyle = failed ? palette.fail : colour;
    pen.fill();
  }
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

/** The duration beside a bar: right of it, else left, else on it. */
function paintLength(pen: Pen, frame: Frame, texts: TextPass, box: Box, text: string, failed: boolean): void {
  const { axis, tree, rulers, palette } = frame;
  const width = rulers.mono.width(text);
  const origin = chartLeft(tree);
  const middle = box.top + box.height / 2;
  const ink = failed ? "fail" : "text2";
  const rightmost = origin + axis.width + 4;
  if (box.right + LABEL_GAP + width <= rightmost) {
    texts.add("mono", ink, text, Math.max(origin, box.right + LABEL_GAP), middle);
    return;
  }
  if (box.left - LABEL_GAP - width >= origin) {
    texts.add("mono", ink, text, box.left - LABEL_GAP - width, middle);
    return;
  }
  const x = rightmost - width - LABEL_GAP - 4;
  pen.fillStyle = palette.surface;
  pen.beginPath();
  pen.roundRect(x - 4, middle - 8, width + 8, 16, 3);
  pen.fill();
  texts.add("mono", ink, text, x, middle);
}

/** The bar of one row, or of a fold. */
export function paintBarRow(pen: Pen, frame: Frame, texts: TextPass, index: number): void {
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
    texts.add("mono", "text3", "◂", origin - 4, middle);
    return;
  }
  if (axis.x(span.from) > axis.width) {
    texts.add("mono", "text3", "▸", origin + axis.width - 4, middle);
    return;
  }
  const isContainer = CONTAINERS.has(at(data.columns.kind, row));
  const box = boxOf(frame, span.from, span.to, middle, isContainer ? THIN : BAR);
  if (fold) paintFold(pen, frame, item, middle, barColour(palette, actorOf(data, model.actors, row)));
  else paintBar(pen, frame, row, box, middle);
  const ended = fold || at(data.columns.duration, row) !== NONE;
  const failed = !fold && hasFlag(data, row, FLAG.failed);
  const text = ended ? duration(((span.to - span.from) * data.unitNs) / 1e6) : "never ended";
  paintLength(pen, frame, texts, box, text, failed);
}
