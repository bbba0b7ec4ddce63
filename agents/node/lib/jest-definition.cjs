'use strict';
// Which test of Jest is it: its place among the suites, where it is defined, and its ordinal among equals.

const { stringify } = require('./natives.cjs');
const sites = require('./definition-site.cjs');

/** Ours, Jest's dispatcher and its `test.each`, and helpers of the project that define tests. */
const STACK_FRAMES = 24;
const INTERNALS = /[\\/]node_modules[\\/](?:jest-|@jest[\\/])[^\\/]+[\\/]/;
const JEST_WORKER = /[\\/]jest-worker[\\/]build[\\/]/;

const HOOK_TITLES = {
  beforeAll: '"before all" hook',
  beforeEach: '"before each" hook',
  afterEach: '"after each" hook',
  afterAll: '"after all" hook',
};

/** Jest's number of this worker; when there is only one process, Jest says 1 as well. */
const worker = JEST_WORKER.test(process.argv[1] || '') || process.chdir.disabled ? process.env.JEST_WORKER_ID : undefined;

/** One test file: what all tests in it have in common. */
class File {
  /**
   * @param {{config: any, runtime?: any, testPath: string, version: string, below?: Function}} options `below` is the
   *   function by which Jest tells us of definitions, and so ends our own part of a stack
   */
  constructor({ config, runtime, testPath, version, below }) {
    this.path = testPath;
    this.version = version;
    this.runtime = runtime;
    this.below = below;
    this.configuration = displayName(config);
    /** @type {Map<string, number>} how many tests have the same titles */
    this.counts = new Map();
    /** @type {WeakMap<object, number>} */
    this.ordinals = new WeakMap();
  }

  /** Remembers where the test or hook whose `asyncError` Jest has just made is defined. */
  note(asyncError) {
    sites.note(asyncError, { below: this.below, frames: STACK_FRAMES });
  }

  /** Numbers the tests of a block in the order of their definition. */
  number(block) {
    for (const child of block.children) {
      if (child.type === 'test') this.numberOne(child);
      else this.number(child);
    }
  }

  numberOne(test) {
    const key = stringify([...suitePath(test), test.name]);
    const ordinal = (this.counts.get(key) || 0) + 1;
    this.counts.set(key, ordinal);
    this.ordinals.set(test, ordinal);
  }

  /** Attributes of an attempt of `test`. */
  describeTest(test) {
    const place = this.placesOf(test).find(({ file }) => file === this.path);
    return {
      ...this.describe(suitePath(test), String(test.name), { file: this.path, line: place && place.line }),
      'flakescope.test.ordinal': this.ordinals.get(test) || 1,
      'flakescope.attempt.number': test.invocations || 1,
    };
  }

  /** Attributes of the fixture that the before-all or after-all `hook` is. */
  describeHook(hook) {
    const places = this.placesOf(hook);
    const place = places.find(({ file }) => file === this.path) || places[0];
    return this.describe(suitePath(hook), hookName(hook), place || { file: this.path });
  }

  describe(suite, name, { file, line }) {
    const attributes = {
      'flakescope.test.framework': 'jest',
      'flakescope.test.framework.version': this.version,
      'flakescope.test.suite': suite,
      'flakescope.test.name': name,
      'test.case.name': sites.fullName(suite, name),
      'test.suite.name': suite.join(sites.SEPARATOR),
      'code.file.path': file,
    };
    if (line) attributes['code.line.number'] = line;
    if (this.configuration) attributes['flakescope.test.configuration'] = this.configuration;
    if (worker) attributes['flakescope.worker'] = worker;
    return attributes;
  }

  /** Where a test or hook is defined, innermost first, as the project's own files say it. */
  placesOf({ asyncError }) {
    const holder = sites.noted(asyncError);
    if (!holder) return [];
    return sites.framesOf(holder, this.isMapped()).filter(({ file }) => !INTERNALS.test(file));
  }

  /** Whether the test file was translated by something that left a source map; asking for texts of stacks is dear. */
  isMapped() {
    const maps = this.runtime && typeof this.runtime.getSourceMaps === 'function' && this.runtime.getSourceMaps();
    return Boolean(maps && typeof maps.get === 'function' && maps.get(this.path));
  }

  /** The hook that Jest itself adds for `resetModules` and its like. */
  isInternal(hook) {
    return sites.noted(hook.asyncError) !== undefined && this.placesOf(hook).length === 0;
  }
}

/** The names of the blocks around a test or hook, outermost first. */
function suitePath(subject) {
  const path = [];
  for (let block = subject.parent; block && block.parent; block = block.parent) path.unshift(String(block.name));
  return path;
}

/** A hook's name, as Mocha and node:test have it: Jest has none. */
function hookName(hook) {
  return HOOK_TITLES[hook.type];
}

/** The name of a project among several. */
function displayName({ displayName: name } = {}) {
  const text = name && typeof name === 'object' ? name.name : name;
  return text ? String(text) : undefined;
}

module.exports = { File, hookName, isWorker: worker !== undefined };
