'use strict';
// Keeps the host safe from the agent: a hook that throws is switched off for good, once, with a gap that says so.

/** @type {Set<string>} hooks that failed and do nothing any more */
const off = new Set();
/** @type {(kind: string, detail: string) => void} */
let report = () => {};

/** Tells where failures are reported to; set once the spool is open. */
function onFailure(reporter) {
  report = reporter;
}

/**
 * The function `hook`, made safe: it never throws, and after its first failure it does nothing.
 * @template {(...args: any[]) => any} F
 * @param {string} name what the gap names as switched off
 * @param {F} hook
 * @returns {F}
 */
function guard(name, hook) {
  return /** @type {F} */ (function guarded(...args) {
    if (off.size > 0 && off.has(name)) return undefined;
    try {
      return hook.apply(this, args);
    } catch (error) {
      fail(name, error);
      return undefined;
    }
  });
}

/** Switches the hook `name` off and records why. */
function fail(name, error) {
  if (off.has(name)) return;
  off.add(name);
  try {
    const reason = error && error.stack ? String(error.stack).slice(0, 2000) : String(error);
    report('agent-error', `${name}: ${reason}`);
  } catch {
    // A value that cannot even be turned into text is not worth harming the host for.
  }
}

module.exports = { guard, onFailure };
