// What the reader did to a timeline, kept while its data is: the page takes the element away and puts another one there
// when the reader goes to another view, and coming back should change nothing. A recording that goes on is new data again
// and again, which takes over what was done to the data before it.
import type { TimelineData } from "./data";
import { Model } from "./model";
import { ROW } from "./paint/frame";

export interface Memory {
  model: Model;
  offset: number;
  hadFocus: boolean;
  /** The stretch that the page has, in its milliseconds; the model may be ahead of it. */
  told: { from: number; to: number } | null;
  /** What is shown: it was never seen before, it was and is again, or it is more of what is in view now. */
  stage: "first" | "again" | "more";
}

const MEMORIES = new WeakMap<TimelineData, Memory>();
/** Of the timeline that was shown last. */
let latest: Memory | null = null;

/** Where the row is now that was on top, with the same part of it above the edge. */
function offsetAfter(before: Memory, model: Model): number {
  const index = Math.floor(before.offset / ROW);
  const top = model.indexOf(model.itemFrom(before.model, before.model.item(index)));
  return top < 0 ? before.offset : before.offset + (top - index) * ROW;
}

export function remember(data: TimelineData): Memory {
  const known = MEMORIES.get(data);
  if (known !== undefined) {
    latest = known;
    return known;
  }
  const memory: Memory = { model: new Model(data), offset: 0, hadFocus: false, told: null, stage: "first" };
  if (latest !== null && latest.model.data.traceId === data.traceId) {
    const { model } = memory;
    model.takeOver(latest.model);
    const offset = offsetAfter(latest, model);
    Object.assign(memory, { offset, hadFocus: latest.hadFocus, told: latest.told, stage: "more" });
  }
  MEMORIES.set(data, memory);
  latest = memory;
  return memory;
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
