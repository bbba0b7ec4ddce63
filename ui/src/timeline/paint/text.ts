// Texts of a frame, collected and painted face by face and colour by colour: changing a canvas's font costs more than
// painting with it.
import type { Palette } from "../palette";
import type { Face } from "./frame";

export type Ink = "text" | "text2" | "text3" | "fail" | "flag" | "accent";

interface Pass {
  face: Face;
  ink: Ink;
  halo: string | null;
  entries: Entry[];
}

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
  private readonly passes = new Map<string, Pass>();

  /** `y` is the middle of the line; a halo of the background's colour keeps a text apart from lines behind it. */
  add(face: Face, ink: Ink, text: string, x: number, y: number, halo: string | null = null): void {
    if (text === "") return;
    const key = `${face} ${ink} ${halo}`;
    const pass = this.passes.get(key) ?? { face, ink, halo, entries: [] };
    pass.entries.push({ text, x, y });
    this.passes.set(key, pass);
  }

  paint(pen: CanvasRenderingContext2D, palette: Palette): void {
    pen.textBaseline = "middle";
    pen.textAlign = "left";
    for (const { face, ink, halo, entries } of this.passes.values()) {
      pen.font = fontOf(face, palette);
      if (halo !== null) {
        pen.strokeStyle = halo;
        pen.lineWidth = 3;
        pen.lineJoin = "round";
        for (const { text, x, y } of entries) pen.strokeText(text, x, y + 0.5);
      }
      pen.fillStyle = palette[ink];
      for (const { text, x, y } of entries) pen.fillText(text, x, y + 0.5);
    }
  }
}
