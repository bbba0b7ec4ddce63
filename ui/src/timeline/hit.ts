// What is under the pointer.
import { type Frame, indentOf, indentPx, ROW, TWISTY } from "./paint/frame";

export interface Hit {
  index: number;
  part: "twisty" | "tree" | "chart";
}

/** What is at a point of the rows; null below the last row. */
export function hit(
  frame: Pick<Frame, "model" | "offset" | "height" | "tree" | "width">,
  x: number,
  y: number,
): Hit | null {
  const { model, offset, tree, width, height } = frame;
  const index = Math.floor((y + offset) / ROW);
  if (y < 0 || y >= height || x < 0 || x >= width || index < 0 || index >= model.count) return null;
  if (x >= tree) return { index, part: "chart" };
  const left = indentPx(indentOf(frame), model.order.depths[index] ?? 0);
  const isTwisty = x >= left - 3 && x < left + TWISTY + 2 && model.isOpen(model.item(index)) !== undefined;
  return { index, part: isTwisty ? "twisty" : "tree" };
}
