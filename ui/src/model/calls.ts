// Calls of a recording: whether they failed, what a filter finds in them, and which are tries of one.
import type { Call } from "../api/types";
import type { Filterable } from "../text/filter";
import type { TimelineData } from "../timeline";
import { spanId } from "../timeline";

/** No answer, or one with a status of 400 or above. */
export function hasFailed(call: Pick<Call, "status" | "error">): boolean {
  return call.error !== null || (call.status ?? 0) >= 400;
}

/** What came of a call, in a word. Spans of SDKs may end without saying. */
export function outcome(call: Pick<Call, "status" | "error" | "duration_ms">): string {
  if (call.status !== null) return String(call.status);
  if (call.error !== null) return call.error;
  return call.duration_ms === null ? "no answer" : "not said";
}

export function filterable(call: Call): Filterable {
  return {
    text: `${call.method} ${call.url} ${call.from} ${call.peer} ${call.status ?? ""} ${call.error ?? ""}`,
    keys: {
      host: call.host,
      peer: call.peer,
      service: call.from,
      method: call.method,
      status: call.status === null ? (call.error ?? undefined) : String(call.status),
    },
  };
}

/** A try of a call that was made several times. */
export interface Try {
  number: number;
  of: number;
}

/** The tries by span, from the groups of the timeline. */
export function tries(data: TimelineData): Map<string, Try> {
  const groups = new Map<number, number[]>();
  for (let row = 0; row < data.rows; row += 1) {
    const group = data.columns.group[row] ?? 0;
    if (group === 0) continue;
    const rows = groups.get(group);
    if (rows === undefined) groups.set(group, [row]);
    else rows.push(row);
  }
  const found = new Map<string, Try>();
  for (const rows of groups.values()) {
    if (rows.length < 2) continue;
    rows.sort((a, b) => (data.columns.start[a] ?? 0) - (data.columns.start[b] ?? 0));
    rows.forEach((row, index) => {
      found.set(spanId(data, row), { number: index + 1, of: rows.length });
    });
  }
  return found;
}
