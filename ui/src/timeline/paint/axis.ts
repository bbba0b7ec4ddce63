// The axis above the rows: ticks, flags of what failed and of the culprit, log records, breaks.

import { visible } from "../../text/visible";
import { ticks } from "../ticks";
import { chartLeft, type Frame, HEAD } from "./frame";
import { type Flag, flagsOf } from "./rows";
import { TextPass } from "./text";

type Pen = CanvasRenderingContext2D;

const TICK_Y = 11;
const FLAG_Y = 28;
/** Room for a label under this says nothing. */
const FLAG_LEAST = 40;
const LABEL_GAP = 6;
const LOG_TOP = HEAD - 7;

/** A label of a tick, with the pixels that it takes. */
interface Label {
  text: string;
  left: number;
  right: number;
}

/** Breaks, each with a sign where no tick has written yet. */
function paintBreaks(pen: Pen, frame: Frame, texts: TextPass, labels: readonly Label[]): void {
  const { axis, tree, palette, rulers } = frame;
  const size = rulers.mono.width("⋯");
  for (const gap of axis.breaks) {
    const left = chartLeft(tree) + gap.left;
    pen.fillStyle = palette.sunken;
    pen.fillRect(left, 0, gap.right - gap.left, HEAD);
    const sign = left + (gap.right - gap.left - size) / 2;
    const isFree = labels.every((label) => label.right < sign || label.left > sign + size);
    if (isFree) texts.add("mono", "text3", "⋯", sign, TICK_Y);
  }
}

/** A flag's label: right of its line, else left of it, else cut to where there is more room; null where there is none. */
function place(
  frame: Frame,
  text: string,
  x: number,
  least: number,
  most: number,
): { text: string; left: number } | null {
  const ruler = frame.rulers.mono;
  const [before, behind] = [x - LABEL_GAP - least, most - x - LABEL_GAP];
  const width = ruler.width(text);
  const isBehind = width <= behind || (width > before && behind >= before);
  const room = isBehind ? behind : before;
  if (room < FLAG_LEAST) return null;
  const fitted = ruler.fit(text, room);
  return { text: fitted, left: isBehind ? x + LABEL_GAP : x - LABEL_GAP - ruler.width(fitted) };
}

function paintFlags(pen: Pen, frame: Frame, texts: TextPass): void {
  const { palette, tree, rulers, width } = frame;
  const origin = chartLeft(tree);
  const flags = flagsOf(frame);
  let taken = origin;
  flags.forEach((flag, index) => {
    const x = Math.round(origin + flag.x) + 0.5;
    pen.strokeStyle = flag.isFailure ? palette.fail : palette.flag;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x, FLAG_Y - 8);
    pen.lineTo(x, HEAD);
    pen.stroke();
    // The next flag's line is not written over.
    const next = flags[index + 1];
    const placed = place(frame, labelOf(flag), x, taken, next === undefined ? width : origin + next.x);
    taken = Math.max(taken, x);
    if (placed === null) return;
    texts.add("mono", flag.isFailure ? "fail" : "flag", placed.text, placed.left, FLAG_Y);
    taken = Math.max(taken, placed.left + rulers.mono.width(placed.text) + LABEL_GAP);
  });
}

/** A mark in its first line. */
function labelOf({ isFailure, text }: Flag): string {
  return isFailure ? `✗ ${visible((text.split("\n")[0] ?? "").slice(0, 200))}` : `⚑ ${text}`;
}

/** Each pixel once, the worst level that falls on it. */
function paintLog(pen: Pen, frame: Frame): void {
  const { axis, tree, palette, log } = frame;
  const worst = new Uint8Array(Math.ceil(axis.width) + 1);
  for (const record of log) {
    const x = Math.floor(axis.x(record.at));
    if (x < 0 || x >= worst.length) continue;
    worst[x] = Math.max(worst[x] ?? 0, record.level === "error" ? 3 : record.level === "warn" ? 2 : 1);
  }
  [palette.text3, palette.flag, palette.fail].forEach((colour, index) => {
    pen.beginPath();
    worst.forEach((level, x) => {
      if (level === index + 1) pen.rect(chartLeft(tree) + x, LOG_TOP, 1.5, 5);
    });
    pen.fillStyle = colour;
    pen.fill();
  });
}

/** The axis; its canvas is as wide as the rows. */
export function paintAxis(pen: Pen, frame: Frame): void {
  const { axis, palette, width, tree, model } = frame;
  const texts = new TextPass();
  pen.fillStyle = palette.surface;
  pen.fillRect(0, 0, width, HEAD);
  const shown = ticks(axis, model.data.unitNs, model.data.attemptAt).map(({ x, label }) => {
    const line = Math.round(chartLeft(tree) + x) + 0.5;
    return { line, text: label, left: line + 4, right: line + 4 + frame.rulers.mono.width(label) };
  });
  const labels = shown.filter((label) => label.right <= width);
  paintBreaks(pen, frame, texts, labels);
  for (const { text, left } of labels) texts.add("mono", "text3", text, left, TICK_Y);
  pen.beginPath();
  for (const { line } of shown) {
    pen.moveTo(line, 2);
    pen.lineTo(line, HEAD);
  }
  pen.strokeStyle = palette.line;
  pen.lineWidth = 1;
  pen.stroke();
  paintLog(pen, frame);
  paintFlags(pen, frame, texts);
  texts.paint(pen, palette);
}
