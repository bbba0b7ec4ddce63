// How often to ask for what goes on: often enough to follow it, and never so often that the server does little else.

/** Of the time, at most one part in so many is spent on the answer. */
const SHARE = 8;

const took = new Map<string, number>();

/** Does something, and remembers how long that took. */
export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const done = await work();
  took.set(what, performance.now() - start);
  return done;
}

/** How long to wait before it is done again, in milliseconds. */
export function pause(what: string, least: number): number {
  return Math.max(least, SHARE * (took.get(what) ?? 0));
}
