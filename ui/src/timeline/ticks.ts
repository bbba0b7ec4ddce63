// The ticks of the axis: round numbers of real units, counted from the attempt's start.
import type { Axis } from "./axis";

export interface Tick {
  x: number;
  label: string;
}

/** How far labels are apart at least, in pixels. */
const APART_PX = 76;
const SECOND = 1e9;
const MINUTE = 60 * SECOND;
/** Steps above ten seconds; below, 1, 2 and 5 of each power of ten. */
const LONG_STEPS = [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400].map(
  (seconds) => seconds * SECOND,
);

/** The least round number of nanoseconds that is not below. */
export function roundStep(nanos: number): number {
  const long = LONG_STEPS.find((step) => step >= nanos);
  if (nanos > 5 * SECOND) return long ?? Math.ceil(nanos / 86_400e9) * 86_400e9;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, nanos)));
  const step = [1, 2, 5, 10].find((digit) => digit * power >= nanos * (1 - 1e-9)) ?? 10;
  return step * power;
}

/** A moment in the unit that its neighbours have too: minutes, seconds, milliseconds or microseconds. */
export function tickLabel(nanos: number, step: number, most: number): string {
  if (nanos === 0) return "0";
  const sign = nanos < 0 ? "−" : "";
  const size = Math.abs(nanos);
  if (most >= 2 * MINUTE && step >= SECOND) {
    const [minutes, seconds] = [Math.floor(size / MINUTE), Math.round((size % MINUTE) / SECOND)];
    return `${sign}${minutes} m ${String(seconds).padStart(2, "0")} s`;
  }
  const [unit, name] =
    most >= SECOND ? [SECOND, "s"] : most >= 1e6 ? [1e6, "ms"] : most >= 1e3 ? [1e3, "µs"] : [1, "ns"];
  const digits = Math.min(9, Math.max(0, -Math.floor(Math.log10(step / unit) + 1e-9)));
  return `${sign}${(size / unit).toFixed(digits)} ${name}`;
}

/** The ticks of an axis whose units have `unitNs` nanoseconds and whose zero is at `origin` units. */
export function ticks(axis: Axis, unitNs: number, origin: number): Tick[] {
  const { from, to } = axis.window;
  const nanosPerPx = unitNs / axis.scale;
  if (!Number.isFinite(nanosPerPx) || axis.width <= 0) return [];
  const step = roundStep(nanosPerPx * APART_PX);
  const most = Math.max(Math.abs(from - origin), Math.abs(to - origin)) * unitNs;
  const found: Tick[] = [];
  let right = Number.NEGATIVE_INFINITY;
  for (const piece of axis.pieces) {
    if (piece.isBreak) continue;
    const start = Math.ceil(((piece.from - origin) * unitNs) / step - 1e-9);
    const stop = Math.floor(((piece.to - origin) * unitNs) / step + 1e-9);
    for (let index = start; index <= stop; index += 1) {
      const nanos = index * step;
      const x = axis.x(nanos / unitNs + origin);
      // Behind a break the first tick may come too close to the last one before it.
      if (x - right < APART_PX * 0.75) continue;
      found.push({ x, label: tickLabel(nanos, step, most) });
      right = x;
    }
  }
  return found;
}
