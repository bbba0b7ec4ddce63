'use strict';
// The places in the source of Vitest's runner, in versions 3 to 5, where it tells us what it does. Each is the end of a
// line that opens a function; one that a version does not have is left out.

/** What is searched for, each behind the one before it, and what is put behind it. */
const TIMEOUT = [
  [/\bfunction withTimeout\(fn, timeout, isHook = false, stackTraceError(?:, onTimeout)?\) \{/, ''],
  [/\btimeout === Number\.POSITIVE_INFINITY\)\s*\{?\s*return(?= fn;)/, 'flakescope?.unlimited(isHook, fn, stackTraceError) ||'],
  [/\bfunction runWithTimeout\(\.\.\.args\) \{/, 'const flakescopeToken = flakescope?.begin(isHook, args, stackTraceError);'],
  [/\bfunction rejectTimeoutError\(\w*\) \{/, 'flakescope?.end(flakescopeToken, true);'],
  [/\bfunction resolve\(result\) \{/, 'flakescope?.end(flakescopeToken, false);'],
  [/\bfunction reject\(error\) \{/, 'flakescope?.end(flakescopeToken, false, { error });'],
];
/** The same, anywhere. */
const RUNNER = [
  [/\basync function callAroundEachHooks\(suite, test, runTest\) \{/, 'flakescope?.around(test);'],
  [/\bfunction updateTask\(event, task, runner\) \{/, 'flakescope?.update(event, task);'],
  [/\bfunction failTask\(result, err, diffOptions\) \{/, 'flakescope?.fail(result, err);'],
  [/\basync function startTests\(specs, runner\) \{/, 'flakescope?.start(globalThis);'],
];

const CONSOLE = [
  [/\bstdout\b[^\n]*\bnew Writable\(\{ write\(data, encoding, callback\) \{/, 'flakescope?.log(false, data);'],
  [/\bstderr\b[^\n]*\bnew Writable\(\{ write\(data, encoding, callback\) \{/, 'flakescope?.log(true, data);'],
];

const ERRORS = [
  [/\bfunction catchError\(err, type, event\) \{/, 'flakescope?.unhandled(err, type, event);'],
];

/** `var`, because these functions may be called before the last line of their module is reached. */
const LAST = '\nvar flakescope = globalThis.process?.[Symbol.for("flakescope.vitest")];\n';

/** The source with our calls in it; nothing for any other source, or one that has them already. @param {string} source @returns {string|undefined} */
function transform(source) {
  if (source.endsWith(LAST)) return undefined;
  if (source.includes('async function startTests(specs, runner)')) {
    return RUNNER.reduce((text, point) => insert(text, [point]), insert(source, TIMEOUT)) + LAST;
  }
  if (source.includes('function createCustomConsole(')) return insert(source, CONSOLE) + LAST;
  return source.includes('function catchError(err, type, event)') ? insert(source, ERRORS) + LAST : undefined;
}

function insert(source, points) {
  let changed = source;
  let from = 0;
  for (const [pattern, call] of points) {
    const found = pattern.exec(changed.slice(from));
    if (!found) continue;
    from += found.index + found[0].length;
    changed = `${changed.slice(0, from)} ${call}${changed.slice(from)}`;
  }
  return changed;
}

module.exports = { transform };
