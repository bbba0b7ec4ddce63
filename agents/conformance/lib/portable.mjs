// What of a recording must be the same whichever runner ran the tests: everything but the runner's own words.

/** Mocha calls a hook by its kind, its title and its suite; other runners have no names for hooks. */
function named(span) {
  const hook = span.attrs?.["flakescope.hook.type"];
  const children = span.children?.map(named);
  const copy = children ? { ...span, children } : span;
  if (hook === undefined) return copy;
  const attrs = { ...span.attrs };
  if ("flakescope.test.name" in attrs) attrs["flakescope.test.name"] = hook;
  return { ...copy, name: hook, attrs };
}

/** The recording without command lines, and with hooks called by their type. */
export function portable({ processes, ...recording }) {
  const traces = recording.traces?.map((trace) => ({ ...trace, roots: trace.roots?.map(named) }));
  return traces ? { ...recording, traces } : recording;
}
