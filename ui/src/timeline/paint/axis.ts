// The axis above the rows: ticks, flags of what failed and of the culprit, log records, breaks.

import { duration } from "../../text/format";
import { visible } from "../../text/visible";
import { ticks } from "../ticks";
import { chartLeft, type Frame, HEAD } from "./frame";
import { type Flag, flagsOf } from "./rows";
import { TextPass } from "./text";

type Pen = CanvasRenderingContext2D;

const TICK_Y = 11;
const FLAG_Y = 28;
const FLAG_MOST = 320;
const LOG_TOP = HEAD - 7;

function paintBreaks(pen: Pen, frame: Frame, texts: TextPass): void {
  const { axis, tree, palette, model, rulers } = frame;
  for (const gap of axis.breaks) {
    const left = chartLeft(tree) + gap.left;
    pen.fillStyle = palette.sunken;
    pen.fillRect(left, 0, gap.right - gap.left, HEAD);
    const text = `⋯ ${duration(((gap.to - gap.from) * model.data.unitNs) / 1e6)}`;
    const middle = left + (gap.right - gap.left) / 2;
    texts.add("mono", "text3", "⋯", middle - rulers.mono.width("⋯") / 2, TICK_Y);
    texts.add("mono", "text3", text.slice(2), middle - rulers.mono.width(text.slice(2)) / 2, FLAG_Y);
  }
}

/** Where a flag's label goes: right of its line, else left of it; null when another is in the way. */
function place(x: number, width: number, taken: number, most: number): number | null {
  if (x + 6 >= taken && x + 6 + width <= most) return x + 6;
  return x - 6 - width >= taken ? x - 6 - width : null;
}

function paintFlags(pen: Pen, frame: Frame, texts: TextPass): void {
  const { palette, tree, rulers, axis } = frame;
  const origin = chartLeft(tree);
  let taken = tree;
  for (const flag of flagsOf(frame)) {
    const x = Math.round(origin + flag.x) + 0.5;
    pen.strokeStyle = flag.isFailure ? palette.fail : palette.flag;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x, FLAG_Y - 8);
    pen.lineTo(x, HEAD);
    pen.stroke();
    const text = rulers.mono.fit(labelOf(flag), Math.min(FLAG_MOST, axis.width * 0.6));
    const width = rulers.mono.width(text);
    const left = place(x, width, taken, origin + axis.width + 6);
    if (left === null) continue;
    texts.add("mono", flag.isFailure ? "fail" : "flag", text, left, FLAG_Y);
    taken = Math.max(taken, left + width + 6);
  }
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
  paintBreaks(pen, frame, texts);
  pen.beginPath();
  for (const { x, label } of ticks(axis, model.data.unitNs, model.data.attemptAt)) {
    const line = Math.round(chartLeft(tree) + x) + 0.5;
    pen.moveTo(line, 2);
    pen.lineTo(line, HEAD);
    if (line + 4 + frame.rulers.mono.width(label) <= width) texts.add("mono", "text3", label, line + 4, TICK_Y);
  }
  pen.strokeStyle = palette.line;
  pen.lineWidth = 1;
  pen.stroke();
  paintLog(pen, frame);
  paintFlags(pen, frame, texts);
  texts.paint(pen, palette);
}
