// The axis of a recording, shared by everything that shows when: milliseconds to a share of a column's width.
import type { Attempt } from "../../api/types";
import type { Stretch } from "../../search";

export interface Axis {
  from: number;
  to: number;
  /** Where on the axis, as a percentage kept within it. */
  at: (ms: number) => number;
}

interface Happening {
  at_ms: number;
  duration_ms?: number | null;
}

/** An axis over the stretch that is shown, else over all that happened. */
export function axisOf(happenings: readonly Happening[], attempt: Attempt, stretch: Stretch | null): Axis {
  const last = happenings.reduce(
    (to, one) => Math.max(to, one.at_ms + (one.duration_ms ?? 0)),
    attempt.duration_ms ?? 0,
  );
  const { from, to } = stretch ?? { from: 0, to: Math.max(last, 1) };
  return { from, to, at: (ms) => Math.min(100, Math.max(0, ((ms - from) / (to - from)) * 100)) };
}
