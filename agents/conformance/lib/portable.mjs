// What of a recording must be the same whichever runner ran the tests: everything but the runner's own words, and what
// follows from how soon it starts the next test.

/** Whether a connection is free again when the next test begins is the runner's pace; workers and limits are its settings. */
const OWN = ["flakescope.http.connection_reused", "flakescope.http.connect_offset_ns", "flakescope.worker", "flakescope.attempt.timeout_ms"];

/** Places of a stack without the names of functions, which say how a runner calls them, and whether it awaits. */
const places = (stack) =>
  stack.replace(/\n +at new Promise \(<anonymous>\)/g, "").replace(/\n +at [^\n]*?(?:<dir>\/)?([\w./-]+:\d+:\d+)\)?(?=\n|$)/g, "\n    at $1");

function attributes(attrs) {
  const kept = Object.fromEntries(Object.entries(attrs).filter(([name]) => !OWN.includes(name)));
  // Mocha calls a hook by its kind, its title and its suite; other runners have no names for hooks.
  if (attrs["flakescope.hook.type"] && "flakescope.test.name" in attrs) {
    kept["flakescope.test.name"] = attrs["flakescope.hook.type"];
    // Where a hook is defined is for some runners the file that lends them Mocha's names.
    delete kept["code.line.number"];
  }
  if ("exception.stacktrace" in attrs) kept["exception.stacktrace"] = places(attrs["exception.stacktrace"]);
  return kept;
}

function spans(span) {
  const copy = { ...span };
  if (span.attrs) copy.attrs = attributes(span.attrs);
  if (span.attrs?.["flakescope.hook.type"]) copy.name = span.attrs["flakescope.hook.type"];
  if (span.events) copy.events = span.events.map((event) => (event.attrs ? { ...event, attrs: attributes(event.attrs) } : event));
  if (span.children) copy.children = span.children.map(spans);
  return copy;
}

/** The recording without command lines, with hooks called by their type, and failure as one exit code. */
export function portable({ processes, ...recording }) {
  const copy = { ...recording };
  if (typeof recording.exit === "number") copy.exit = Math.min(recording.exit, 1);
  if (recording.traces) copy.traces = recording.traces.map((trace) => ({ ...trace, roots: trace.roots?.map(spans) }));
  return copy;
}
