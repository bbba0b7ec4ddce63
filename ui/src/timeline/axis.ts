// Where a moment is on the screen: linear but for breaks, which stand for idle stretches in a fixed width.
import type { Span } from "./idle";

/** How wide a break is, in CSS pixels. */
export const BREAK_PX = 28;
/** Breaks together take at most this share of the width. */
const BREAKS_MOST = 0.5;

interface Piece {
  from: number;
  to: number;
  left: number;
  right: number;
  isBreak: boolean;
}

/** A stretch of time in units, over a width in pixels. */
export class Axis {
  readonly pieces: readonly Piece[];
  /** Pixels for each unit outside of breaks. */
  readonly scale: number;

  constructor(
    readonly window: Span,
    readonly width: number,
    breaks: readonly Span[] = [],
  ) {
    const length = Math.max(window.to - window.from, Number.MIN_VALUE);
    const idle = breaks.reduce((sum, gap) => sum + gap.to - gap.from, 0);
    const breakPx = Math.min(BREAK_PX, (width * BREAKS_MOST) / Math.max(1, breaks.length));
    this.scale = (width - breakPx * breaks.length) / (length - idle);
    const pieces: Piece[] = [];
    let [from, left] = [window.from, 0];
    const add = (to: number, px: number, isBreak: boolean) => {
      if (to > from) pieces.push({ from, to, left, right: left + px, isBreak });
      [from, left] = [to, left + (to > from ? px : 0)];
    };
    for (const gap of breaks) {
      add(gap.from, (gap.from - from) * this.scale, false);
      add(gap.to, breakPx, true);
    }
    add(window.to, (window.to - from) * this.scale, false);
    this.pieces = pieces;
  }

  /** The pixel of a moment; outside of the window it goes on at the scale. */
  x(time: number): number {
    const { pieces, window } = this;
    if (time <= window.from) return (time - window.from) * this.scale;
    if (time >= window.to) return this.width + (time - window.to) * this.scale;
    for (const piece of pieces) {
      if (time < piece.to) {
        return piece.left + ((time - piece.from) / (piece.to - piece.from)) * (piece.right - piece.left);
      }
    }
    return this.width;
  }

  /** The moment at a pixel: the inverse of `x`. */
  time(x: number): number {
    const { pieces, window } = this;
    if (x <= 0) return window.from + x / this.scale;
    if (x >= this.width) return window.to + (x - this.width) / this.scale;
    for (const piece of pieces) {
      if (x < piece.right) {
        return piece.from + ((x - piece.left) / (piece.right - piece.left)) * (piece.to - piece.from);
      }
    }
    return window.to;
  }

  get breaks(): readonly Piece[] {
    return this.pieces.filter((piece) => piece.isBreak);
  }
}

/** Shortest window, in units: more cannot be told apart. */
const LEAST = 2;

/** A window kept within the recording, and not shorter than can be shown. */
export function clampWindow(window: Span, duration: number): Span {
  const whole = Math.max(duration, LEAST);
  const length = Math.min(whole, Math.max(LEAST, window.to - window.from));
  const from = Math.min(Math.max(0, window.from), whole - length);
  return { from, to: from + length };
}

/** The window that shows what is between two pixels of an axis, over the whole width. */
export function zoomTo(axis: Axis, left: number, right: number, duration: number): Span {
  return clampWindow({ from: axis.time(Math.min(left, right)), to: axis.time(Math.max(left, right)) }, duration);
}

/** Zooms so that what is at a pixel stays there. A factor under 1 shows less time. */
export function zoomAt(axis: Axis, x: number, factor: number, duration: number): Span {
  return zoomTo(axis, x - x * factor, x + (axis.width - x) * factor, duration);
}

/** Moves by pixels; the length of the window stays. */
export function pan(axis: Axis, px: number, duration: number): Span {
  const { from, to } = axis.window;
  const by = axis.time(px > 0 ? axis.width + px : px) - (px > 0 ? to : from);
  return clampWindow({ from: from + by, to: to + by }, duration);
}
