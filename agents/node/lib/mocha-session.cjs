'use strict';
// One run of Mocha's runner, told as attempts, hooks and fixtures. What Mocha counts decides: each test it starts, or
// skips, is one attempt, each retry another; a failing hook that Mocha counts as a failure of its own is one failed
// fixture.

const context = require('./context.cjs');
const definition = require('./mocha-definition.cjs');
const notRun = require('./mocha-not-run.cjs');
const { hookName, hookType } = definition;
const { Entry, HookSpan } = require('./entry.cjs');

/** Runner events and the method that handles each. The names are the same in Mocha 8 to 12. */
const HANDLERS = {
  start: 'onStart',
  suite: 'onBoundary',
  test: 'onTest',
  hook: 'onHook',
  'hook end': 'onHookEnd',
  pass: 'onPass',
  pending: 'onPending',
  retry: 'onRetry',
  fail: 'onFail',
  'test end': 'onTestEnd',
  'suite end': 'onBoundary',
  end: 'onBoundary',
};

class Session {
  /** @param {import('./recorder.cjs').Recorder} recorder @param {any} runner @param {string} version of Mocha */
  constructor(recorder, runner, version) {
    this.recorder = recorder;
    this.runner = runner;
    this.version = version;
    /** In parallel mode this process only repeats what its workers announce, and they record it themselves. */
    this.repeats = typeof runner.isParallelMode === 'function' && runner.isParallelMode();
    /** @type {Entry|null} the attempt whose test or hooks run now */
    this.attempt = null;
    /** @type {Entry|null} the before-all or after-all hook that runs now */
    this.fixture = null;
    /** @type {HookSpan|null} */
    this.hook = null;
    /** @type {WeakMap<object, Entry>} attempts by test */
    this.attempts = new WeakMap();
    /** @type {WeakMap<object, {entry: Entry}>} the last fixture or hook span of each hook */
    this.hooks = new WeakMap();
    /** @type {WeakMap<object, Entry[]>} before-all fixtures by suite */
    this.fixtures = new WeakMap();
    /** @type {Map<string, number>} how many tests have the same file and titles */
    this.counts = new Map();
    /** @type {Map<string, number>} the ordinal of the last attempt with these file and titles */
    this.begun = new Map();
    recorder.atExit.add(() => this.onExit());
  }

  on(event, subject, error) {
    const handler = HANDLERS[event];
    if (!handler) return;
    if (this.repeats) this.onRepeated(event, subject, error);
    else this[handler](subject, error);
  }

  onStart() {
    this.counts = definition.numberTests(this.runner.suite);
    require('./ready.cjs').prepare(this.recorder);
  }

  onBoundary() {
    this.closeAttempt();
    context.enter(undefined);
  }

  onTest(test) {
    if (this.attempts.has(test)) return;
    this.closeAttempt();
    this.begin(test);
  }

  begin(test) {
    const entry = Entry.attempt(this.recorder, {
      attributes: {
        ...definition.describe(test, String(test.title), this.version),
        'flakescope.test.ordinal': definition.ordinalOf(test, this),
        'flakescope.attempt.number': test.currentRetry() + 1,
        'flakescope.attempt.timeout_ms': test.timeout(),
      },
      links: this.fixtureLinks(test.parent),
    });
    this.attempts.set(test, entry);
    this.attempt = entry;
    entry.open();
    context.enter(entry.context);
    return entry;
  }

  fixtureLinks(suite) {
    const links = [];
    for (let level = suite; level; level = level.parent) {
      for (const fixture of this.fixtures.get(level) || []) links.unshift(fixture.link());
    }
    return links;
  }

  onHook(hook) {
    const type = hookType(hook);
    if ((type === 'beforeEach' || type === 'afterEach') && this.attempt) {
      this.hook = new HookSpan(this.recorder, this.attempt, hookName(hook), type);
      this.hooks.set(hook, this.hook);
      context.enter(this.hook.context);
      return;
    }
    this.closeAttempt();
    this.fixture = this.fixtureOf(hook, { name: hookName(hook), type });
    this.hooks.set(hook, this.fixture);
    if (type === 'beforeAll') this.serve(hook.parent, this.fixture);
    this.fixture.open();
    context.enter(this.fixture.context);
  }

  fixtureOf(runnable, { name, type, start }) {
    const attributes = definition.describe(runnable, name, this.version);
    return Entry.fixture(this.recorder, { attributes, type, start });
  }

  serve(suite, fixture) {
    const fixtures = this.fixtures.get(suite) || [];
    fixtures.push(fixture);
    this.fixtures.set(suite, fixtures);
  }

  onHookEnd(hook) {
    this.endHook(hook.pending ? 'skip' : 'pass');
  }

  /** Ends the hook that runs; `result` counts unless it has failed. */
  endHook(result) {
    const { hook, fixture, attempt } = this;
    this.hook = null;
    this.fixture = null;
    if (hook) {
      hook.close();
      context.enter(attempt.context);
      if (hook.type === 'afterEach' && attempt.hookPassed()) this.closeAttempt();
    } else if (fixture) {
      fixture.result(result);
      fixture.close();
      context.enter(undefined);
    }
  }

  onPass(test) {
    this.entryOf(test).result('pass');
  }

  onPending(test) {
    const started = this.attempts.has(test);
    this.entryOf(test).skip(started ? 'this.skip()' : 'pending');
  }

  onRetry(test, error) {
    const entry = this.entryOf(test);
    entry.fail(error);
    entry.span.attributes['flakescope.attempt.retried'] = true;
    this.finish(entry, test);
  }

  onFail(runnable, error) {
    if (runnable.type === 'test') this.failTest(runnable, error);
    else if (runnable.type === 'hook') this.failHook(runnable, error);
    else this.failOutside(runnable, error);
  }

  /** A test may fail after it had passed: `done()` called twice, an exception of work that it left behind. */
  failTest(test, error) {
    const entry = this.entryOf(test);
    entry.fail(error);
    if (entry.closed) entry.span.write();
  }

  failHook(hook, error) {
    const known = this.hooks.get(hook);
    if (!known) this.failOutside(hook, error);
    else if (known instanceof Entry) this.failFixture(known, hook, error);
    else this.failEach(known, hook, error);
  }

  failFixture(fixture, hook, error) {
    fixture.fail(error);
    notRun.tell(fixture.span, hook, this);
    if (fixture.closed) fixture.span.write();
    else this.endHook('fail');
  }

  /** A before-each hook fails its test. An after-each hook is counted by Mocha beside its test, so it is a fixture. */
  failEach(known, hook, error) {
    const { attempt } = known;
    known.fail(error);
    const separate = known.type === 'afterEach' || (this.runner._opts && this.runner._opts.failHookAffectedTests);
    if (known.type === 'beforeEach') {
      attempt.fail(error, 'setup');
      notRun.tell(attempt.span, hook, this);
    }
    if (separate) attempt.span.links.push(this.failedFixture(hook, known, error).link());
    if (known.closed) {
      known.span.write();
      if (attempt.closed) attempt.span.write();
      return;
    }
    known.close();
    this.hook = null;
    context.enter(attempt.context);
  }

  failedFixture(hook, known, error) {
    const entry = this.fixtureOf(hook, { name: known.name, type: known.type, start: known.span.start });
    entry.fail(error);
    if (known.type === 'afterEach') notRun.tell(entry.span, hook, this);
    entry.close();
    return entry;
  }

  /** What Mocha attributes to no test and no hook: an exception between two of them, a file that failed in a worker. */
  failOutside(runnable, error) {
    const entry = this.fixtureOf(runnable, { name: String(runnable.title) });
    entry.fail(error);
    entry.close();
  }

  onRepeated(event, subject, error) {
    if (event !== 'fail' || !subject || typeof subject.run !== 'function') return;
    this.failOutside(subject, error);
  }

  onTestEnd(test) {
    this.finish(this.entryOf(test), test);
  }

  /** The test is over; its attempt is, when no after-each hook follows. */
  finish(entry, test) {
    if (entry.closed) return;
    entry.finish(test.timeout(), countAfterEach(test.parent));
    if (entry.hooksLeft === 0) this.closeAttempt();
  }

  entryOf(test) {
    return this.attempts.get(test) || this.begin(test);
  }

  closeAttempt() {
    if (!this.attempt) return;
    const { attempt } = this;
    this.attempt = null;
    this.hook = null;
    attempt.close();
  }

  /** At exit an attempt whose test is over is complete; one that still runs stays unfinished. */
  onExit() {
    this.closeAttempt();
  }
}

function countAfterEach(suite) {
  let count = 0;
  for (let level = suite; level; level = level.parent) count += (level._afterEach || []).length;
  return count;
}

module.exports = { Session };
