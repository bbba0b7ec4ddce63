// Waiting for what takes the product a while.
import { setTimeout as after } from "node:timers/promises";

const EVERY_MS = 100;

/** Looks until it sees something, and gives that. Gives up after so many looks. */
export async function eventually(what, look, { looks = 100 } = {}) {
  for (let looked = 1; ; looked += 1) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (looked === looks) throw new Error(`${what} did not appear within ${looks} looks`);
    await after(EVERY_MS);
  }
}

/** The one insight into the crash of a function. */
export function insightInto(name, user, options) {
  return eventually(`the insight into ${name.replace(/-\d+$/, "")}`, async () => (await user.insightsInto(name))[0], options);
}
