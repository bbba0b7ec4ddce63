// The left column: guides, twisty, who does what, and at its right edge what came of it.

import { actorOf } from "../actors";
import { at, FLAG, hasFlag, KIND } from "../data";
import { isFold } from "../order";
import { barColour } from "../palette";
import { tryNote } from "../tries";
import { type Frame, type Indent, indentPx, ROW, TWISTY } from "./frame";
import type { TextPass } from "./text";

type Pen = CanvasRenderingContext2D;

/** Between the pieces of a row. */
const GAP = 6;
/** The swatch of who works. */
const DOT = 7;
/** Room at the column's right edge. */
const EDGE = 10;
/** A title that gets less than this says nothing, and is left out. */
const TITLE_LEAST = 24;

/** Lines down the levels above a row, all in one path. */
export function paintGuides(pen: Pen, frame: Frame, indent: Indent, first: number, last: number): void {
  const { model, offset, palette } = frame;
  pen.beginPath();
  for (let index = first; index < last; index += 1) {
    const depth = model.order.depths[index] ?? 0;
    const top = index * ROW - offset;
    for (let level = Math.max(indent.base, depth - 64); level < depth; level += 1) {
      const x = Math.round(indentPx(indent, level) + TWISTY / 2) + 0.5;
      pen.moveTo(x, top);
      pen.lineTo(x, top + ROW);
    }
  }
  pen.strokeStyle = palette.line;
  pen.lineWidth = 1;
  pen.stroke();
}

function twisty(pen: Pen, x: number, y: number, open: boolean): void {
  pen.beginPath();
  if (open) {
    pen.moveTo(x - 4, y - 2);
    pen.lineTo(x, y + 2.5);
    pen.lineTo(x + 4, y - 2);
  } else {
    pen.moveTo(x - 2, y - 4);
    pen.lineTo(x + 2.5, y);
    pen.lineTo(x - 2, y + 4);
  }
  pen.stroke();
}

/** What stands at the right edge: the status in words as short as can be, and remarks before it. */
interface Outcome {
  status: string;
  failed: boolean;
  note: string;
}

export function outcomeOf({ model, tries }: Pick<Frame, "model" | "tries">, item: number): Outcome {
  const { data } = model;
  if (isFold(item)) {
    const { failed, statuses } = model.summaryOf(item);
    return { status: statuses || (failed > 0 ? `${failed}× ✗` : ""), failed: failed > 0, note: "" };
  }
  const status = at(data.columns.status, item);
  const failed = hasFlag(data, item, FLAG.failed);
  const notes = [tryNote(data, tries, item)];
  if (hasFlag(data, item, FLAG.mocked)) notes.push("mocked");
  if (hasFlag(data, item, FLAG.parentMissing)) notes.push("parent missing");
  return {
    status: status === 0 ? (failed ? "✗" : "") : String(status),
    failed,
    note: notes.filter((note) => note !== "").join("  "),
  };
}

/** Puts texts from left to right until the room is used up. */
class Line {
  constructor(
    private readonly frame: Frame,
    private readonly texts: TextPass,
    private x: number,
    private readonly right: number,
    private readonly y: number,
  ) {}

  put(face: "text" | "bold" | "mono", ink: "text" | "text2" | "text3", text: string, least = 0): void {
    const room = this.right - this.x;
    if (text === "" || room < Math.max(least, 8)) return;
    const fitted = this.frame.rulers[face].fit(text, room);
    this.texts.add(face, ink, fitted, this.x, this.y);
    this.x += this.frame.rulers[face].width(fitted) + GAP;
  }
}

/** One row of the tree. */
export function paintTreeRow(pen: Pen, frame: Frame, texts: TextPass, indent: Indent, index: number): void {
  const { model, labels, palette, rulers, tree, offset } = frame;
  const item = model.item(index);
  const row = isFold(item) ? at(model.membersOf(item), 0) : item;
  const middle = index * ROW - offset + ROW / 2;
  let x = indentPx(indent, model.order.depths[index] ?? 0);
  const open = model.isOpen(item);
  if (open !== undefined) {
    pen.strokeStyle = palette.text3;
    pen.lineWidth = 1.5;
    twisty(pen, x + TWISTY / 2, middle, open);
  }
  x += TWISTY + 2;
  let right = tree - EDGE;
  const { status, failed, note } = outcomeOf(frame, item);
  const face = status === "✗" ? "bold" : "mono";
  const statusText = rulers[face].fit(status, tree * 0.4);
  if (statusText !== "") {
    right -= rulers[face].width(statusText);
    texts.add(face, failed ? "fail" : "text3", statusText, right, middle);
    right -= GAP + 2;
  }
  if (note !== "" && right - x > 150) {
    right -= rulers.mono.width(note);
    texts.add("mono", "text3", note, right, middle);
    right -= GAP + 2;
  }
  const label = labels.of(row);
  if (label.actor !== "" && x + DOT < right) {
    pen.fillStyle = barColour(palette, actorOf(model.data, model.actors, row));
    pen.fillRect(x, middle - DOT / 2, DOT, DOT);
    x += DOT + GAP;
  }
  const line = new Line(frame, texts, x, right, middle);
  // What only leads to a match steps back.
  const isAbove = model.match !== null && model.match.kept[row] === 1;
  if (isFold(item)) line.put("bold", "text", `${model.membersOf(item).length}×`);
  line.put("mono", "text3", label.chip);
  line.put("bold", isAbove ? "text3" : "text", label.actor);
  const isTest = at(model.data.columns.kind, row) === KIND.attempt;
  line.put(
    isTest ? "bold" : "text",
    isAbove ? "text3" : label.actor === "" ? "text" : "text2",
    label.title,
    TITLE_LEAST,
  );
}
