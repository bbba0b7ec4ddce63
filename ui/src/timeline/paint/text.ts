// Texts of a frame, collected and painted face by face and colour by colour: changing a canvas's font costs more than
// painting with it.
import type { Palette } from "../palette";
import type { Face } from "./frame";

export type Ink = "text" | "text2" | "text3" | "fail" | "flag" | "accent";

interface Entry {
  text: string;
  x: number;
  y: number;
}

export function fontOf(face: Face, palette: Palette): string {
  if (face === "mono") return `11px ${palette.mono}`;
  return face === "bold" ? `600 12.5px ${palette.font}` : `12.5px ${palette.font}`;
}

export class TextPass {
  private readonly passes = new Map<string, { face: Face; ink: Ink; entries: Entry[] }>();

  /** `y` is the middle of the line. */
  add(face: Face, ink: Ink, text: string, x: number, y: number): void {
    if (text === "") return;
    const key = `${face} ${ink}`;
    const pass = this.passes.get(key) ?? { face, ink, entries: [] };
    pass.entries.push({ text, x, y });
    this.passes.set(key, pass);
  }

  paint(pen: CanvasRenderingContext2D, palette: Palette): void {
    pen.textBaseline = "middle";
    pen.textAlign = "left";
    for (const { face, ink, entries } of this.passes.values()) {
      pen.font = fontOf(face, palette);
      pen.fillStyle = palette[ink];
      for (const { text, x, y } of entries) pen.fillText(text, x, y + 0.5);
    }
  }
}
