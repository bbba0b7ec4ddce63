'use strict';
// What a task of Vitest's is: which test, its place among the suites, its ordinal among equals.

const path = require('path');
const { readFileSync, parse, stringify } = require('./natives.cjs');

/** Tests may replace `process`, but not what it had. */
const { env } = process;

const SEPARATOR = ' › ';
const FRAMEWORK = 'vitest';

const HOOK_TITLES = {
  beforeAll: '"before all" hook',
  beforeEach: '"before each" hook',
  afterEach: '"after each" hook',
  afterAll: '"after all" hook',
};

/** The version of Vitest, from the file of its runner: the runner's package has the same. */
function versionOf(file) {
  const name = file.startsWith('file://') ? decodeURIComponent(file.slice(7)) : file;
  for (let folder = path.dirname(name); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const version = readVersion(path.join(folder, 'package.json'));
    if (version) return version;
  }
  return '';
}

function readVersion(file) {
  try {
    return parse(readFileSync(file, 'utf8')).version;
  } catch {
    return undefined;
  }
}

/** The names of the suites that `task` is in, outermost first; a file is none. */
function suitePath(task) {
  const names = [];
  for (let level = task.suite; level && level.filepath === undefined; level = level.suite) {
    if (level.name) names.unshift(String(level.name));
  }
  return names;
}

/** Attributes that say which test this is. */
function describe(test, version) {
  return attributes({ suite: suitePath(test), name: String(test.name), file: test.file, line: test.location && test.location.line, version });
}

/** Attributes of something that belongs to a suite or to a whole file. */
function describeWithin(suite, name, version) {
  const names = suite.filepath === undefined ? [...suitePath(suite), String(suite.name)] : [];
  return attributes({ suite: names, name, file: suite.file || suite, version });
}

/** Attributes of a suite that failed by itself; a file is known by its name. */
function describeSuite(suite, version) {
  return attributes({ suite: suitePath(suite), name: String(suite.name), file: suite.file || suite, version });
}

function attributes({ suite, name, file, line, version }) {
  const described = {
    'flakescope.test.framework': FRAMEWORK,
    'flakescope.test.framework.version': version,
    'flakescope.test.suite': suite,
    'flakescope.test.name': name,
    'test.case.name': [...suite, name].join(SEPARATOR),
    'test.suite.name': suite.join(SEPARATOR),
    'code.file.path': file.filepath,
  };
  if (line) described['code.line.number'] = line;
  if (file.projectName) described['flakescope.test.configuration'] = file.projectName;
  if (env.VITEST_POOL_ID) described['flakescope.worker'] = env.VITEST_POOL_ID;
  return described;
}

/**
 * The line on which a test is defined, by the stack of that moment. To make text of a stack takes Vitest's source maps,
 * which is too much to do for every test.
 */
function lineOf(task, definition) {
  const { filepath } = task.file || task;
  const stack = definition && definition.stack;
  for (const line of typeof stack === 'string' ? stack.split('\n') : []) {
    const frame = /(?:\(|at (?:async )?)((?:file:\/\/)?\/[^()]*):(\d+):\d+\)?$/.exec(line);
    if (frame && frame[1].replace(/^file:\/\//, '') === filepath) return Number(frame[2]);
  }
  return undefined;
}

/** What a hook is called; Vitest gives it no name of its own. */
function hookTitle(type) {
  return HOOK_TITLES[type];
}

/** All tests below `suite`, in the order of their definition. */
function testsOf(suite) {
  return suite.tasks.flatMap((task) => (task.type === 'suite' ? testsOf(task) : [task]));
}

/** Ordinals of the tests of each file. @type {WeakMap<object, WeakMap<object, number>>} */
const numbered = new WeakMap();

/** 1 for the first test of its file with this suite path and name. */
function ordinalOf(test) {
  if (!numbered.has(test.file)) numbered.set(test.file, number(test.file));
  return numbered.get(test.file).get(test) || 1;
}

function number(file) {
  const counts = new Map();
  const ordinals = new WeakMap();
  for (const test of testsOf(file)) {
    const key = stringify([suitePath(test), test.name]);
    counts.set(key, (counts.get(key) || 0) + 1);
    ordinals.set(test, counts.get(key));
  }
  return ordinals;
}

/** The limit of a test, 0 for none. */
function timeoutOf({ timeout }) {
  return Number.isFinite(timeout) && timeout > 0 ? timeout : 0;
}

module.exports = { versionOf, describe, describeWithin, describeSuite, lineOf, hookTitle, testsOf, ordinalOf, timeoutOf };
