'use strict';
// Which tests a failed hook kept from running: Mocha leaves out what is left of the hook's suite, and says nothing of it.

const definition = require('./mocha-definition.cjs');

const NAMES = 100;
const NAME_CHARACTERS = 1024;

/**
 * Tells on `root` what will not run because `hook` failed.
 * @param {import('./span.cjs').Span} root of the failed fixture, or of the attempt that a before-each hook failed
 * @param {any} hook
 * @param {{runner: any, attempts: WeakMap<object, object>}} session
 */
function tell(root, hook, session) {
  const tests = leftOut(hook, session);
  if (tests.length === 0) return;
  root.attributes['flakescope.fixture.not_run'] = tests.length;
  root.attributes['flakescope.fixture.not_run_tests'] = tests.slice(0, NAMES).map((test) => nameOf(test));
}

/** The tests of the hook's suite that have not begun; a skipped one would not have run either. */
function leftOut(hook, { runner, attempts }) {
  const tests = [];
  if (goesOn(hook, runner)) return tests;
  hook.parent.eachTest((test) => {
    if (!attempts.has(test) && !test.isPending() && isWanted(test, runner)) tests.push(test);
  });
  return tests;
}

/** After a failed after-all hook nothing was left to run; Mocha 12 may be told to announce the others as failed. */
function goesOn(hook, runner) {
  const type = definition.hookType(hook);
  const announced = runner._opts && runner._opts.failHookAffectedTests && type !== 'afterEach';
  return !hook.parent || !type || type === 'afterAll' || Boolean(announced);
}

/** Whether `--grep` lets the test through; `--only` has taken the others out of the tree. */
function isWanted(test, { _grep: pattern, _invert: inverted }) {
  return !pattern || pattern.test(test.fullTitle()) !== Boolean(inverted);
}

function nameOf(test) {
  return definition.fullName(definition.suitePath(test.parent), String(test.title)).slice(0, NAME_CHARACTERS);
}

module.exports = { tell };
