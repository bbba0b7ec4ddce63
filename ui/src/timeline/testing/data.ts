// Recordings for tests, read through the decoder.
import type { TimelineData } from "../data";
import { decodeTimeline } from "../decode";
import { close, encode, generate, type Made, type MadeRow, madeRow, type Shape } from "./generate";

/** A recording of these rows. A row's parent is the nearest before it that is less deep. */
export function recording(rows: Partial<MadeRow>[], changes: Partial<Made> = {}): TimelineData {
  const names = changes.names ?? ["GET /a", "GET /b", "POST /c", "a hook"];
  const services = changes.services ?? ["tests", "api"];
  const peers = changes.peers ?? ["AWS Lambda", "api"];
  const above: number[] = [];
  const made = rows.map((row, index) => {
    const depth = row.depth ?? 0;
    above.length = depth;
    above.push(index);
    return madeRow({ id: [0, index + 1], ...row, ...(depth > 0 ? { parent: above[depth - 1] ?? 0 } : {}) });
  });
  const duration = changes.duration ?? 1000;
  return decodeTimeline(
    encode({ duration, attemptAt: 0, unitNs: 1000, marks: [], ...changes, names, services, peers, rows: close(made) }),
  );
}

export function generated(shape: Shape): TimelineData {
  return decodeTimeline(encode(generate(shape)));
}
