/**
 * Runs `fn` as a test of its own, for scripts and runners that the agent does not know.
 * Inside a running test it is a step. Answers what `fn` answers; without the agent it only calls `fn`.
 */
export function test<T>(name: string, fn: () => T): T;

/** Runs `fn` as a named step of the test that is running. Answers what `fn` answers. */
export function step<T>(name: string, fn: () => T): T;

/** Tags the test that is running, or the whole run outside a test, as `tag('tenant', 'blue')`. */
export function tag(key: string, value: string | number | boolean): void;
