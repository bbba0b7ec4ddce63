'use strict';
// The tests of one file under Jest, told as attempts, hooks and fixtures. What Jest counts decides: each test that it
// starts or skips is an attempt, each retry another. A failing before-all hook fails every test of its block, so it is a
// failed fixture that is linked from failed attempts.

const clock = require('./clock.cjs');
const functions = require('./jest-functions.cjs');
const modules = require('./jest-modules.cjs');
const own = require('./own.cjs');
const { Entry, HookSpan } = require('./entry.cjs');
const { File, hookName, isWorker } = require('./jest-definition.cjs');

/** Events of jest-circus and the method that handles each. The names are the same in Jest 29 and 30. */
const HANDLERS = {
  add_test: 'onDefinition',
  add_hook: 'onDefinition',
  run_start: 'onRunStart',
  test_start: 'onTestStart',
  test_skip: 'onSkip',
  test_todo: 'onSkip',
  hook_start: 'onHookStart',
  hook_success: 'onHookEnd',
  hook_failure: 'onHookEnd',
  test_fn_start: 'onBody',
  test_fn_success: 'onBodyEnd',
  test_fn_failure: 'onBodyEnd',
  test_done: 'onTestDone',
  test_retry: 'onRetry',
  describe_retry: 'onBlockRetry',
  teardown: 'onTeardown',
};

/** Strings that Jest throws have no stack; this is the longest that is told of the place instead. */
const PLACES = 4;

class Session {
  /** @param {import('./recorder.cjs').Recorder} recorder @param {ConstructorParameters<typeof File>[0]} options */
  constructor(recorder, options) {
    this.recorder = recorder;
    this.file = new File(options);
    this.runtime = options.runtime;
    /** The last attempt of each test. @type {Map<object, Entry>} */
    this.attempts = new Map();
    /** The fixture or hook span of each hook that runs. @type {Map<object, Entry|HookSpan>} */
    this.hooks = new Map();
    /** Before-all fixtures by block. @type {WeakMap<object, Map<object, Entry>>} */
    this.fixtures = new WeakMap();
    /** Failures that belong to no test and are recorded. */
    this.known = new Set();
    this.places = new functions.Places((test) => this.begin(test));
    this.onExit = () => this.closeAll();
    recorder.atExit.add(this.onExit);
    recorder.spool.brief = false;
  }

  on(event, state) {
    const handler = HANDLERS[event.name];
    if (handler) this[handler](event, state);
  }

  onDefinition({ asyncError }) {
    this.file.note(asyncError);
  }

  onRunStart(_, { rootDescribeBlock }) {
    this.file.number(rootDescribeBlock);
    this.places.follow(rootDescribeBlock);
    own.load('ready.cjs').prepare(this.recorder);
    this.joinModules();
  }

  /** Attaches to what the sandbox has loaded, as to what is loaded outside of it. */
  joinModules() {
    modules.attachLoaded(this.recorder, this.runtime);
  }

  onTestStart({ test }, state) {
    const known = this.attempts.get(test);
    // Jest 29 starts concurrent tests before it announces them.
    if (known && !known.closed && !known.announced) known.announced = true;
    else this.begin(test, state).announced = true;
  }

  begin(test, state) {
    const entry = Entry.attempt(this.recorder, { attributes: this.file.describeTest(test), links: this.links(test.parent) });
    if (state) entry.span.attributes['flakescope.attempt.timeout_ms'] = test.timeout || state.testTimeout;
    entry.failures = 0;
    this.attempts.set(test, entry);
    entry.open();
    this.tellFailures(entry, test, 'setup');
    return entry;
  }

  /** Links to the before-all fixtures of a block and all blocks around it, outermost first. */
  links(block) {
    const links = [];
    for (let level = block; level; level = level.parent) {
      const served = [...(this.fixtures.get(level) || new Map()).values()];
      links.unshift(...served.map((fixture) => fixture.link()));
    }
    return links;
  }

  /** Tells the failures that Jest has noted for a test since it was last asked. */
  tellFailures(entry, test, phase) {
    while (entry.failures < test.errors.length) {
      entry.fail(this.thrown(test.errors[entry.failures], test), phase);
      entry.failures += 1;
    }
  }

  /** What was thrown, of the pair that Jest keeps: a string, as for a timeout, gets the place of its test as stack. */
  thrown(kept, subject) {
    const error = Array.isArray(kept) ? kept[0] : kept;
    if (error && (error.stack || error.message)) return error;
    const message = typeof error === 'string' ? error : `thrown: ${String(error)}`;
    const places = this.file.placesOf(subject).slice(0, PLACES).map(({ file, line }) => `\n    at ${file}:${line}`);
    const name = /^Exceeded timeout of /.test(message) ? 'TimeoutError' : 'Error';
    return { name, message, stack: `${name}: ${message}${places.join('')}` };
  }

  onSkip({ test }, state) {
    const entry = this.attempts.get(test);
    entry.skip(reasonOf(test, state));
    this.close(entry, test);
  }

  onHookStart({ hook }, state) {
    if (hook.type === 'beforeAll' || hook.type === 'afterAll') return this.beginFixture(hook);
    const attempt = this.attempts.get(state.currentlyRunningTest);
    if (!attempt || this.file.isInternal(hook)) return undefined;
    const span = new HookSpan(this.recorder, attempt, hookName(hook), hook.type);
    this.hooks.set(hook, span);
    return this.places.enter(hook, span.context);
  }

  beginFixture(hook) {
    const fixture = Entry.fixture(this.recorder, { attributes: this.file.describeHook(hook), type: hook.type });
    this.hooks.set(hook, fixture);
    if (hook.type === 'beforeAll') {
      if (!this.fixtures.has(hook.parent)) this.fixtures.set(hook.parent, new Map());
      this.fixtures.get(hook.parent).set(hook, fixture);
    }
    fixture.open();
    this.places.enter(hook, fixture.context);
  }

  onHookEnd({ name, hook, test, error }) {
    const known = this.hooks.get(hook);
    const failed = name === 'hook_failure';
    this.places.leave(hook);
    this.hooks.delete(hook);
    if (known instanceof Entry) {
      if (failed) known.fail(this.thrown(error, hook));
      known.result('pass');
      known.close();
      if (failed) this.known.add(error);
    } else if (known) {
      if (failed) known.fail(this.thrown(error, hook));
      known.close();
    }
    const attempt = this.attempts.get(test);
    if (attempt) this.tellFailures(attempt, test, hook.type === 'beforeEach' ? 'setup' : 'teardown');
  }

  onBody({ test }, state) {
    const entry = this.attempts.get(test);
    // A test may have set its own limit since it was announced, and jest.setTimeout that of the others.
    entry.span.attributes['flakescope.attempt.timeout_ms'] = test.timeout || state.testTimeout;
    this.places.enter(test, entry.context);
  }

  onBodyEnd({ test }) {
    const entry = this.attempts.get(test);
    this.places.leave(test);
    this.tellFailures(entry, test, 'body');
    entry.result('pass');
    entry.finish(entry.span.attributes['flakescope.attempt.timeout_ms'], test.concurrent ? 0 : countAfterEach(test));
    if (entry.settled) entry.lastActivity = entry.settled;
  }

  onTestDone({ test }) {
    const entry = this.attempts.get(test);
    // Found only now: assertions that were expected, and what nobody caught.
    this.tellFailures(entry, test, 'body');
    entry.result('pass');
    this.close(entry, test);
    this.joinModules();
  }

  close(entry, test) {
    this.places.leave(test);
    entry.close();
  }

  /** The attempt before is over; what is told now replaces it. */
  onRetry({ test }) {
    this.retried(this.attempts.get(test));
  }

  /** Jest 30 may repeat a whole block, the tests that passed included. */
  onBlockRetry({ describeBlock }) {
    for (const child of describeBlock.children) {
      if (child.type === 'test') this.retried(this.attempts.get(child));
      else this.onBlockRetry({ describeBlock: child });
    }
  }

  retried(entry) {
    if (!entry) return;
    entry.span.attributes['flakescope.attempt.retried'] = true;
    entry.span.write();
  }

  /** Failures that Jest found after a test was over, and those that belong to none. */
  onTeardown(_, state) {
    for (const [test, entry] of this.attempts) {
      const told = entry.failures;
      this.tellFailures(entry, test, 'teardown');
      if (entry.closed && entry.failures > told) entry.span.write();
    }
    for (const kept of state.unhandledErrors) {
      const error = Array.isArray(kept) ? kept[0] : kept;
      if (!this.known.has(error)) failOutside(this.recorder, this.file, error);
    }
    this.end();
  }

  /** The file is over. A worker may be killed before it hears of the next one, so its segments are left complete. */
  end() {
    this.closeAll();
    this.recorder.atExit.delete(this.onExit);
    this.attempts.clear();
    this.hooks.clear();
    if (!isWorker) return;
    this.recorder.spool.brief = true;
    this.recorder.spool.end('rotate');
  }

  /** An attempt whose test is over is complete; one that still runs stays unfinished. */
  closeAll() {
    for (const entry of this.attempts.values()) entry.close();
    for (const running of this.hooks.values()) if (running instanceof Entry) running.close();
  }
}

/** Why Jest leaves a test out. */
function reasonOf(test, { hasFocusedTests, testNamePattern }) {
  if (test.mode === 'todo') return 'todo';
  for (let level = test; level; level = level.parent) if (level.mode === 'skip') return 'pending';
  if (hasFocusedTests && test.mode !== 'only') return 'not focused';
  return testNamePattern ? 'name pattern' : 'pending';
}

/** How many after-each hooks follow a test. */
function countAfterEach(test) {
  let count = 0;
  for (let block = test.parent; block; block = block.parent) {
    for (const hook of block.hooks) if (hook.type === 'afterEach') count += 1;
  }
  return count;
}

/** A failure that belongs to no test: of a whole file, or of something that went on between tests. */
function failOutside(recorder, file, error) {
  const attributes = file.describe([], 'Test suite failed to run', { file: file.path });
  const entry = Entry.fixture(recorder, { attributes, start: clock.mono() });
  entry.fail(error, 'setup');
  entry.close();
}

/** A file that Jest could not run, as its runner tells it. @param {any} test the file and its project */
function failFile(recorder, test, error, version) {
  failOutside(recorder, new File({ config: test.context.config, testPath: test.path, version }), error);
}

module.exports = { Session, failFile };
