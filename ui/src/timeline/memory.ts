// What the reader did to a timeline, kept while its data is: the page takes the element away and puts another one there
// whenever a pane opens, and going to another view and back should change nothing.
import type { TimelineData } from "./data";
import { Model } from "./model";

export interface Memory {
  model: Model;
  offset: number;
  hadFocus: boolean;
  /** The stretch that the page has, in its milliseconds; the model may be ahead of it. */
  told: { from: number; to: number } | null;
  /** Whether it was never shown. */
  isFresh: boolean;
}

const MEMORIES = new WeakMap<TimelineData, Memory>();

export function remember(data: TimelineData): Memory {
  const known = MEMORIES.get(data);
  if (known !== undefined) return known;
  const fresh = { model: new Model(data), offset: 0, hadFocus: false, told: null, isFresh: true };
  MEMORIES.set(data, fresh);
  return fresh;
}

/** A number of the reader's own choice, kept for the next visit. */
export function recall(key: string, fallback: number, least: number, most: number): number {
  try {
    const stored = localStorage.getItem(`flakescope-timeline-${key}`);
    const value = stored === null ? Number.NaN : Number(stored);
    return value >= least && value <= most ? value : fallback;
  } catch {
    return fallback;
  }
}

export function keep(key: string, value: number): void {
  try {
    localStorage.setItem(`flakescope-timeline-${key}`, String(Math.round(value * 1000) / 1000));
  } catch {
    // Storage may be forbidden; the choice is then of this visit.
  }
}
