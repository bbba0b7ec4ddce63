'use strict';
// The tests of node:test in one process, told as attempts, hooks and fixtures. What the runner counts decides: every
// test is an attempt, one with subtests too; a suite is only part of their path. A test begins with its first hook or
// its body and is complete when the runner makes its report.

const { AsyncResource } = require('async_hooks');
const clock = require('./clock.cjs');
const context = require('./context.cjs');
const definition = require('./node-test-definition.cjs');
const { Entry, HookSpan } = require('./entry.cjs');
const { hideTrampoline } = require('./trampoline.cjs');

/** Failures of a suite that somebody else has already been blamed for: its tests, its hooks, what it is in. */
const BLAMED = new Set(['subtestsFailed', 'hookFailed', 'cancelledByParent']);

/** The most errors after their tests that are told of one process. */
const LATE = 100;

class Session {
  /** @param {import('./recorder.cjs').Recorder} recorder @param {Function} runInAsyncScope of all tests */
  constructor(recorder, runInAsyncScope) {
    this.recorder = recorder;
    this.runInAsyncScope = runInAsyncScope;
    this.ordinals = new definition.Ordinals();
    this.prepared = false;
    /** @type {WeakMap<object, Entry>} attempts by test */
    this.attempts = new WeakMap();
    /** Tests by the signal that a hook's arguments have of them. @type {WeakMap<object, object>} */
    this.bySignal = new WeakMap();
    /** What each hook is being run as; tests that run at the same time share theirs. @type {WeakMap<object, object[]>} */
    this.hooks = new WeakMap();
    /** @type {WeakMap<object, Entry[]>} before-all fixtures by suite */
    this.fixtures = new WeakMap();
    /** The phase in which a test failed, where it has. @type {WeakMap<Entry, string>} */
    this.failedIn = new WeakMap();
    /** Where the runner was when it called a test. @type {WeakMap<object, import('./context.cjs').Context|undefined>} */
    this.outside = new WeakMap();
    /** Where among the root's diagnostics something is about to be said, and when. @type {{root: object, index: number, at: bigint}[]} */
    this.said = [];
  }

  /** The runner starts on `test`; its hooks come first. */
  onRun(test) {
    if (definition.kindOf(test) === 'test') this.bySignal.set(test.signal, test);
  }

  /** The function of a test or hook is about to be called. */
  onScope(test) {
    const kind = definition.kindOf(test);
    if (kind === 'hook') this.enter(test, this.beginHook(test).context);
    if (kind !== 'test') return;
    const entry = this.entryOf(test);
    entry.trace.phase = 'body';
    this.enter(test, entry.context);
    // What a test returns may be only like a promise, as a call of supertest is: it begins when the runner asks for it.
    this.outside.set(test, context.active());
    context.enter(entry.context);
  }

  /** The runner goes on for itself. */
  leave(test) {
    if (!this.outside.has(test)) return;
    context.enter(this.outside.get(test));
    this.outside.delete(test);
  }

  /**
   * Makes `target` the context of what `test` runs next: tests carry their context with them, from where they were
   * made. Up to Node 22 it is entered from within, and stays; later it is a frame that can be taken from a resource.
   */
  enter(test, target) {
    let inside;
    Reflect.apply(this.runInAsyncScope, test, [() => {
      context.enter(target);
      inside = new AsyncResource('FLAKESCOPE', { requireManualDestroy: true });
    }]);
    const frame = Object.getOwnPropertySymbols(inside).find(({ description }) => description === 'context_frame');
    if (frame) test[frame] = inside[frame];
  }

  entryOf(test) {
    return this.attempts.get(test) || this.begin(test);
  }

  begin(test) {
    this.prepare();
    const entry = Entry.attempt(this.recorder, {
      attributes: {
        ...definition.describe(test),
        'flakescope.test.ordinal': this.ordinals.of(test),
        'flakescope.attempt.number': 1,
        'flakescope.attempt.timeout_ms': timeoutOf(test),
      },
      links: this.fixtureLinks(test.parent),
    });
    this.attempts.set(test, entry);
    entry.open();
    return entry;
  }

  prepare() {
    if (this.prepared) return;
    this.prepared = true;
    require('./ready.cjs').prepare(this.recorder);
  }

  fixtureLinks(suite) {
    const links = [];
    for (let level = suite; level; level = level.parent) {
      links.unshift(...(this.fixtures.get(level) || []).map((fixture) => fixture.link()));
    }
    return links;
  }

  /** A hook that is run for one test is a span inside it, any other a fixture. */
  beginHook(hook) {
    const args = hook.getRunArgs();
    const test = args && args.ctx && this.bySignal.get(args.ctx.signal);
    const type = definition.hookType(hook);
    const begun = test
      ? new HookSpan(this.recorder, this.entryOf(test), definition.hookName(hook), type)
      : this.beginFixture(hook, type);
    this.hooks.set(hook, [...(this.hooks.get(hook) || []), { begun, test }]);
    return begun;
  }

  beginFixture(hook, type) {
    this.prepare();
    const fixture = Entry.fixture(this.recorder, { attributes: definition.describeHook(hook), type });
    const { parentTest: owner } = hook;
    if (type === 'beforeAll' && owner) this.fixtures.set(owner, [...(this.fixtures.get(owner) || []), fixture]);
    fixture.open();
    return fixture;
  }

  onHookEnd(hook) {
    const [first, ...others] = this.hooks.get(hook) || [];
    if (!first) return;
    this.hooks.set(hook, others);
    const { begun, test } = first;
    if (hook.error) begun.fail(definition.thrown(hook.error));
    if (!test) begun.result('pass');
    else if (hook.error && !test.error) this.failedIn.set(begun.attempt, begun.span.attributes['flakescope.phase']);
    begun.close();
  }

  /** The test has passed or failed; hooks may follow. */
  onOutcome(test) {
    if (definition.kindOf(test) !== 'test') return;
    this.leave(test);
    const entry = this.entryOf(test);
    if (entry.closed || entry.hooksLeft !== undefined) return;
    // One that never began was cancelled because of a hook.
    if (!this.failedIn.has(entry)) this.failedIn.set(entry, test.startTime === null ? 'setup' : entry.trace.phase);
    entry.finish(timeoutOf(test), test.hooks.after.length + test.parent.hooks.afterEach.length);
  }

  /** Nothing can change any more; it is asked for twice. */
  onComplete(test) {
    const kind = definition.kindOf(test);
    hideTrampoline(definition.thrown(test.error));
    if (kind === 'suite') this.completeSuite(test);
    if (kind !== 'test') return;
    const entry = this.entryOf(test);
    if (entry.closed) return;
    if (test.skipped) entry.skip(test.message || 'skip');
    else if (test.isTodo) entry.skip(test.message || 'todo');
    else if (test.passed) entry.result('pass');
    else entry.fail(definition.thrown(test.error), this.failedIn.get(entry));
    entry.close();
  }

  /** A suite is no test, but one whose function throws, or whose time runs out, fails by itself. */
  completeSuite(suite) {
    if (!suite.error || suite.passed || suite.isTodo || BLAMED.has(suite.error.failureType) || this.attempts.has(suite)) return;
    this.attempts.set(suite, this.failOutside(suite, definition.thrown(suite.error)));
  }

  /** The parent of a child process reports its file only when no test of it did, or when it failed by itself. */
  onReport(test) {
    if (definition.kindOf(test) !== 'file') return;
    if (!test.passed) {
      this.failOutside(test, definition.childFailure(test.error));
      return;
    }
    const entry = Entry.attempt(this.recorder, {
      attributes: { ...definition.describe(test), 'flakescope.test.ordinal': 1, 'flakescope.attempt.number': 1 },
      start: test.startTime,
    });
    entry.result('pass');
    entry.close();
  }

  /** The runner is about to say something of its own; so it does of an error that comes when its test is over. */
  onDiagnostic(test) {
    if (definition.kindOf(test) !== 'root' || !Array.isArray(test.diagnostics) || this.said.length >= LATE) return;
    this.said.push({ root: test, index: test.diagnostics.length, at: clock.mono() });
  }

  /** Errors that no test was there for any more: they make the process fail, but none of its tests. */
  tellLate() {
    for (const { root, index, at } of this.said.splice(0)) {
      const late = definition.lateError(root.diagnostics[index]);
      if (late) this.failOutside(root, late.error, { attributes: definition.describeLate(root, late.event), start: at });
    }
  }

  failOutside(test, error, { attributes = definition.describe(test), start = test.startTime } = {}) {
    const entry = Entry.fixture(this.recorder, { attributes, start });
    entry.fail(error);
    entry.close();
    return entry;
  }
}

/** The limit of a test, 0 for none. */
function timeoutOf({ timeout }) {
  return Number.isFinite(timeout) && timeout > 0 ? timeout : 0;
}

module.exports = { Session };
