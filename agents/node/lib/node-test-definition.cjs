'use strict';
// What a test object of node:test is, and which test: its place among the suites and its ordinal among equals.

const { relative } = require('path');
const { stringify } = require('./natives.cjs');

const SEPARATOR = ' › ';
const FRAMEWORK = 'node:test';

/** The runner's types of hooks: as the protocol and as other runners name them. */
const HOOKS = {
  before: { type: 'beforeAll', title: '"before all" hook' },
  beforeEach: { type: 'beforeEach', title: '"before each" hook' },
  afterEach: { type: 'afterEach', title: '"after each" hook' },
  after: { type: 'afterAll', title: '"after all" hook' },
};

/** Failures whose cause is the error that was thrown; the runner's reporters unwrap the same. */
const WRAPPED = new Set(['testCodeFailure', 'hookFailed', 'uncaughtException', 'unhandledRejection']);

/** A child of `node --test`, which runs one file. */
const worker = process.env.NODE_TEST_CONTEXT ? process.env.NODE_TEST_WORKER_ID || String(process.pid) : undefined;

/** `hook`, `file` (a test that stands for a child process), `root`, `suite` or `test`. */
function kindOf(test) {
  if (typeof test.hookType === 'string') return 'hook';
  if (typeof test.addToReport === 'function') return 'file';
  if (!test.parent) return 'root';
  return test.reportedType === 'suite' ? 'suite' : 'test';
}

/** The names of the suites and tests that `test` is in, outermost first. */
function suitePath(test) {
  const path = [];
  for (let level = test.parent; level && level.parent; level = level.parent) path.unshift(String(level.name));
  return path;
}

/** Attributes that say which test this is. */
function describe(test) {
  const file = fileOf(test);
  const name = kindOf(test) === 'file' && file ? relative(process.cwd(), file) : String(test.name);
  return attributes({ suite: suitePath(test), name, file, loc: test.loc });
}

/** Attributes of a hook, which belongs to the suite that it was made in. */
function describeHook(hook) {
  const { parentTest: owner } = hook;
  const inSuite = Boolean(owner && owner.parent);
  return attributes({
    suite: inSuite ? [...suitePath(owner), String(owner.name)] : [],
    name: hookName(hook),
    file: inSuite ? fileOf(owner) : hook.loc && hook.loc.file,
    loc: hook.loc,
  });
}

function attributes({ suite, name, file, loc }) {
  const described = {
    'flakescope.test.framework': FRAMEWORK,
    'flakescope.test.framework.version': process.versions.node,
    'flakescope.test.suite': suite,
    'flakescope.test.name': name,
    'test.case.name': [...suite, name].join(SEPARATOR),
    'test.suite.name': suite.join(SEPARATOR),
  };
  if (file) described['code.file.path'] = file;
  if (loc && loc.file === file) described['code.line.number'] = loc.line;
  if (worker) described['flakescope.worker'] = worker;
  return described;
}

/** The test file, which need not be the one where a helper defines the test. */
function fileOf(test) {
  if (typeof test.addToReport === 'function') return test.loc && test.loc.file;
  return test.entryFile || process.argv[1] || (test.loc && test.loc.file);
}

function hookName(hook) {
  const { title } = HOOKS[hook.hookType];
  return hook.name && hook.name !== '<anonymous>' ? `${title}: ${hook.name}` : title;
}

function hookType(hook) {
  return HOOKS[hook.hookType].type;
}

/** What was thrown, where the runner has put an error of its own around it. */
function thrown(error) {
  const wrapped = error && WRAPPED.has(error.failureType) && error.cause !== undefined && error.cause !== null;
  return wrapped ? error.cause : error;
}

/** The test that `test` is made in, or the root, with nothing but suites between them. */
function outermost(test) {
  let level = test.parent;
  while (level.reportedType === 'suite') level = level.parent;
  return level;
}

/** The error of a file that failed by itself, which says how its process ended only beside its message. */
function childFailure(error) {
  const { code, exitCode, signal, cause } = error;
  const ending = signal ? ` by ${signal}` : ` with exit code ${exitCode}`;
  const message = `${cause || error.message}${signal || exitCode ? ending : ''}`;
  return { name: code, message, stack: message };
}

/** What the runner says of an error that comes when its test is over: the error in words, and the event that told of it. */
const LATE = /activity after the test ended\. This activity created the error "([\s\S]*)" and would have caused the test to fail, but instead triggered an (\w+) event\.$/;

/** The error of which the runner says that it came too late, and its event; nothing for anything else that it says. */
function lateError(text) {
  const [whole, said, event] = LATE.exec(String(text)) || [];
  if (whole === undefined) return undefined;
  const [, name, message] = /^(\w+): ([\s\S]*)$/.exec(said) || [undefined, 'Error', said];
  return { error: { name, message, stack: String(text).replace(/^(?:Error|Warning): /, '') }, event };
}

/** Attributes of what belongs to no test, but to the file that is run. */
function describeLate(root, event) {
  return attributes({ suite: [], name: event, file: fileOf(root), loc: undefined });
}

/** Numbers the tests of a process in the order of their definition. */
class Ordinals {
  constructor() {
    /** @type {WeakMap<object, number>} by test */
    this.known = new WeakMap();
    /** How many subtests of each are numbered. @type {WeakMap<object, number>} */
    this.done = new WeakMap();
    /** @type {Map<string, number>} how many tests have the same file and names */
    this.counts = new Map();
  }

  /** 1 for the first test with this file, suite path and name. */
  of(test) {
    if (!this.known.has(test)) this.number(outermost(test));
    if (!this.known.has(test)) this.number(test.parent);
    return this.known.get(test) || this.one(test);
  }

  /** Numbers what is new below `level`, suites included; what is inside a test is not known before it runs. */
  number(level) {
    const { subtests } = level;
    for (let index = this.done.get(level) || 0; index < subtests.length; index += 1) {
      const test = subtests[index];
      if (test.reportedType === 'suite') this.number(test);
      else this.one(test);
    }
    this.done.set(level, subtests.length);
  }

  one(test) {
    const key = stringify([fileOf(test), suitePath(test), test.name]);
    const ordinal = (this.counts.get(key) || 0) + 1;
    this.counts.set(key, ordinal);
    this.known.set(test, ordinal);
    return ordinal;
  }
}

module.exports = { kindOf, describe, describeHook, describeLate, lateError, hookName, hookType, thrown, childFailure, Ordinals };
