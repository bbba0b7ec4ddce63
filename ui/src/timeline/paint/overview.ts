// The overview: one thin lane for each actor, runs of pixels of one colour as one rectangle, and the marks.
import { duration } from "../../text/format";
import { actorOf } from "../actors";
import type { Axis } from "../axis";
import { at } from "../data";
import type { Model } from "../model";
import { type Overview, overview, rankOf } from "../overview";
import { barColour, type Palette } from "../palette";
import { fontOf } from "./text";

type Pen = CanvasRenderingContext2D;

/** Lanes are not thinner than this. */
const LANE_LEAST = 4;
const LANE_MOST = 14;
const PAD = 6;
/** Under this height an idle stretch is not labelled. */
const UPRIGHT_LEAST = 80;

export interface OverviewFrame {
  model: Model;
  axis: Axis;
  palette: Palette;
  /** Where the axis begins. */
  left: number;
  width: number;
  height: number;
  culprit: number;
}

/** How many lanes fit; actors beyond share the last. */
export function lanesOf(model: Model, height: number): number {
  return Math.max(1, Math.min(model.actors.names.length, Math.floor((height - 2 * PAD) / LANE_LEAST)));
}

export function computeOverview({ model, axis, height }: Pick<OverviewFrame, "model" | "axis" | "height">): Overview {
  const lanes = lanesOf(model, height);
  return overview(model.data, {
    lanes,
    width: axis.width,
    laneOf: (row) => Math.min(lanes - 1, actorOf(model.data, model.actors, row)),
    x: (time) => axis.x(time),
  });
}

/** Rectangles by colour, so that each colour is set once. */
function rectangles(frame: OverviewFrame, drawn: Overview): Map<string, number[]> {
  const { model, palette, left, height } = frame;
  const pitch = Math.min(LANE_MOST, (height - 2 * PAD) / drawn.lanes);
  const top = (height - pitch * drawn.lanes) / 2;
  const found = new Map<string, number[]>();
  const colourAt = (index: number): string | null => {
    const row = at(drawn.rows, index);
    if (row < 0) return null;
    const rank = rankOf(model.data, row);
    if (rank > 0) return rank === 2 ? palette.fail : palette.flag;
    return barColour(palette, actorOf(model.data, model.actors, row));
  };
  for (let lane = 0; lane < drawn.lanes; lane += 1) {
    let from = 0;
    let colour = colourAt(lane * drawn.width);
    for (let pixel = 1; pixel <= drawn.width; pixel += 1) {
      const next = pixel < drawn.width ? colourAt(lane * drawn.width + pixel) : null;
      if (pixel < drawn.width && next === colour) continue;
      if (colour !== null) {
        const list = found.get(colour) ?? [];
        list.push(left + from, top + lane * pitch, pixel - from, Math.max(2, pitch - 2));
        found.set(colour, list);
      }
      [from, colour] = [pixel, next];
    }
  }
  return found;
}

/** A text from top to bottom. */
function paintUpright(pen: Pen, { palette, height }: OverviewFrame, text: string, x: number): void {
  pen.save();
  pen.translate(x, height / 2);
  pen.rotate(Math.PI / 2);
  pen.font = fontOf("mono", palette);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = palette.text3;
  pen.fillText(text, 0, 0);
  pen.restore();
}

export function paintOverview(pen: Pen, frame: OverviewFrame, drawn: Overview): void {
  const { palette, width, height, left, axis, model, culprit } = frame;
  pen.fillStyle = palette.surface;
  pen.fillRect(0, 0, width, height);
  for (const gap of axis.breaks) {
    pen.fillStyle = palette.sunken;
    pen.fillRect(left + gap.left, 0, gap.right - gap.left, height);
    const idle = `${duration(((gap.to - gap.from) * model.data.unitNs) / 1e6)} idle`;
    if (height >= UPRIGHT_LEAST) paintUpright(pen, frame, idle, left + (gap.left + gap.right) / 2);
  }
  for (const [colour, list] of rectangles(frame, drawn)) {
    pen.beginPath();
    for (let index = 0; index < list.length; index += 4) {
      pen.rect(at(list, index), at(list, index + 1), at(list, index + 2), at(list, index + 3));
    }
    pen.fillStyle = colour;
    pen.fill();
  }
  const line = (time: number, colour: string) => {
    pen.fillStyle = colour;
    pen.fillRect(Math.round(left + axis.x(time)), 0, 1, height);
  };
  if (culprit >= 0) line(at(model.data.columns.start, culprit), palette.flag);
  for (const mark of model.data.marks.slice(0, 40)) line(mark.at, palette.fail);
}
