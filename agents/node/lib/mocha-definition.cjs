'use strict';
// Which test is it: where it is defined, its place among the suites, and its ordinal among equals.

const { stringify } = require('./natives.cjs');
const sites = require('./definition-site.cjs');
const { SEPARATOR, fullName } = sites;
const { worker } = require('./worker.cjs');

/** The interface's own one or two frames, and the project's; helpers that define tests may add some. */
const STACK_FRAMES = 6;

/** How the titles of hooks begin, and their types. */
const HOOK_TYPES = [
  ['"before all" hook', 'beforeAll'],
  ['"before each" hook', 'beforeEach'],
  ['"after each" hook', 'afterEach'],
  ['"after all" hook', 'afterAll'],
];

/** @type {WeakMap<object, number>} ordinals of the tests of a run */
const ordinals = new WeakMap();

/** Numbers the tests of the tree in the order of their definition. @param {any} root the root suite */
function numberTests(root) {
  const counts = new Map();
  root.eachTest((test) => numberOne(test, counts));
  return counts;
}

function numberOne(test, counts) {
  const key = keyOf(test);
  const ordinal = (counts.get(key) || 0) + 1;
  counts.set(key, ordinal);
  ordinals.set(test, ordinal);
  return ordinal;
}

/**
 * The ordinal of a test; a test that was added during the run is numbered when it is first seen.
 * @param {Map<string, number>} begun the ordinal of the last attempt by key: Mocha 6 keeps no link from a retry to its test
 */
function ordinalOf(test, { counts, begun }) {
  const original = (test.retriedTest && test.retriedTest()) || test;
  if (original.retriedTest && ordinals.has(original)) return ordinals.get(original);
  const key = keyOf(test);
  const repeated = ordinals.has(original) || !isRetry(test) ? undefined : begun.get(key);
  const ordinal = ordinals.get(original) || repeated || numberOne(original, counts);
  begun.set(key, ordinal);
  return ordinal;
}

function isRetry(test) {
  return typeof test.currentRetry === 'function' && test.currentRetry() > 0;
}

/** Tests with the same key are told apart by their ordinal. */
function keyOf(test) {
  return stringify([test.file, titlePath(test)]);
}

/** Mocha 3 has no `titlePath` of its own. */
function titlePath(test) {
  if (typeof test.titlePath === 'function') return test.titlePath();
  const titles = [];
  for (let level = test; level && !level.root; level = level.parent) titles.unshift(level.title);
  return titles;
}

/** Attributes that say which test or hook this is. */
function describe(runnable, name, version) {
  const suite = suitePath(runnable.parent);
  const attributes = {
    'flakescope.test.framework': 'mocha',
    'flakescope.test.framework.version': version,
    'flakescope.test.suite': suite,
    'flakescope.test.name': name,
    'test.case.name': fullName(suite, name),
    'test.suite.name': suite.join(SEPARATOR),
  };
  const { file, line } = location(runnable);
  if (file) attributes['code.file.path'] = file;
  if (line) attributes['code.line.number'] = line;
  if (worker) attributes['flakescope.worker'] = worker;
  return attributes;
}

/** A hook's title as it was before Mocha put the test's behind it. */
function hookName(hook) {
  return String(hook.originalTitle || hook.title);
}

/** The type of a hook, as the attribute `flakescope.hook.type` has it. */
function hookType(hook) {
  const name = hookName(hook);
  const known = HOOK_TYPES.find(([title]) => name.startsWith(title));
  return known ? known[1] : undefined;
}

function suitePath(suite) {
  return suite ? titlePath(suite).map(String) : [];
}

function location(runnable) {
  const original = (runnable.retriedTest && runnable.retriedTest()) || runnable;
  const holder = sites.noted(original) || sites.noted(runnable.fn);
  const file = runnable.file || (runnable.parent && runnable.parent.file);
  const places = holder ? framesOf(holder) : [];
  const place = places.find((frame) => frame.file === file) || places[0];
  if (!place) return { file, line: undefined };
  return file && place.file !== file ? { file, line: undefined } : place;
}

/** The frames of a stack that are neither Mocha's nor Node's. */
function framesOf(holder) {
  return sites.framesOf(holder).filter(({ file }) => !/[\\/]node_modules[\\/]mocha[^\\/]*[\\/]lib[\\/]/.test(file));
}

/** Remembers from where `defined` (a test, or the function of a hook) is being defined, in a call of `below`. */
function note(defined, below) {
  sites.note(defined, { below, frames: STACK_FRAMES });
}

module.exports = { note, numberTests, ordinalOf, describe, suitePath, fullName, hookName, hookType };
