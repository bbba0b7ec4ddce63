// The phases of a call from the offsets that its client gave. What was not said makes no phase of its own.
import type { Timing } from "../api/types";

export interface Phase {
  name: "connect" | "send" | "wait" | "receive";
  /** Microseconds from the start of the call. */
  from: number;
  to: number;
}

/** The phases in order, without gaps: each begins where the one before it ended. */
export function phases(timing: Timing): Phase[] {
  const ends: [Phase["name"], number | null][] = [
    ["connect", timing.reused_connection === true ? null : timing.connected_us],
    ["send", timing.sent_us],
    [
      "wait",
      timing.first_byte_us ?? (timing.ended_us !== null && timing.first_byte_us === null ? timing.ended_us : null),
    ],
    ["receive", timing.first_byte_us === null ? null : timing.ended_us],
  ];
  const found: Phase[] = [];
  let from = 0;
  for (const [name, to] of ends) {
    if (to === null || to < from) continue;
    found.push({ name, from, to });
    from = to;
  }
  return found;
}
