// Figures in words, the same words as in the terminal. Each says how many it was counted of.
import type { CallId, Rate, Spread } from "../api/types";
import { duration } from "./format";

/** `3 of 41`. */
export function counted(rate: Rate): string {
  return `${rate.count.toLocaleString("en")} of ${rate.of.toLocaleString("en")}`;
}

/** `7 %`; nothing where there was nothing to count. */
export function percent(rate: Rate): string | null {
  return rate.of === 0 ? null : `${Math.floor((rate.count * 100 + rate.of / 2) / rate.of)} %`;
}

/** `2 to 20 %`, outwards to whole percents; nothing where there was nothing to count. */
export function bounds(rate: Rate): string | null {
  if (rate.of === 0) return null;
  return `${Math.floor(rate.low_permille / 10)} to ${Math.ceil(rate.high_permille / 10)} %`;
}

/** `0.80 s to 9.60 s (n = 12)`. */
export function spread(times: Spread): string {
  const [shortest, longest] = [duration(times.shortest_ms), duration(times.longest_ms)];
  const range = shortest === longest ? shortest : `${shortest} to ${longest}`;
  return `${range} (n = ${times.recordings.toLocaleString("en")})`;
}

/** `GET stock /items/*`, with its operation. */
export function callText(call: CallId): string {
  const operation = call.operation === null ? "" : `#${call.operation}`;
  return `${call.method} ${call.peer} ${call.template}${operation}`;
}

/** `1 to 8`, or `always 5`; nothing where the values are no numbers. */
export function range(lowest: number | null, highest: number | null): string | null {
  if (lowest === null || highest === null) return null;
  const [from, to] = [lowest.toLocaleString("en"), highest.toLocaleString("en")];
  return lowest === highest ? `always ${from}` : `${from} to ${to}`;
}
