'use strict';
// The tests of Vitest in one process or thread, told as attempts, hooks and fixtures. What Vitest counts decides: a
// retry is an attempt of its own, the repeats of a test are one, a skipped test is one too.
//
// Tests may run at the same time; a call of ours finds its test by what Vitest hands the function that it is about to
// call, else by the asynchronous context, into which every attempt and hook is entered where the runner itself goes on.

const context = require('./context.cjs');
const definition = require('./vitest-definition.cjs');
const consoles = require('./console.cjs');
const { Entry, HookSpan } = require('./entry.cjs');
const { hideTrampoline } = require('./trampoline.cjs');

const NAMES = 100;
const NAME_CHARACTERS = 1024;
/** Errors by which a test says that it is skipped, or the run that it is cancelled. */
const isSkip = (error) => Boolean(error) && (error.code === 'VITEST_PENDING' || error.name === 'TestRunAbortError');

/** What is known of a test or suite that runs: the types of its hooks that are being run, and what is open. */
class State {
  constructor(task) {
    this.task = task;
    this.isTest = task.type !== 'suite';
    this.hooking = this.isTest ? 'beforeEach' : 'beforeAll';
    /** @type {Entry|undefined} the attempt that runs */
    this.entry = undefined;
    this.number = 0;
    /** An error that has the stack of the test's definition. */
    this.definition = undefined;
    this.failed = false;
    this.failedIn = undefined;
    /** A hook whose time is out; its error comes later. @type {Entry|HookSpan|undefined} */
    this.expired = undefined;
    /** Errors of a suite that a fixture has been blamed for. */
    this.blamed = new Set();
    this.outside = undefined;
    /** @type {Entry[]} before-all fixtures of a suite */
    this.fixtures = [];
    this.done = false;
  }
}

class Session {
  /** @param {import('./recorder.cjs').Recorder} recorder @param {string} file of the runner */
  constructor(recorder, file) {
    this.recorder = recorder;
    this.version = definition.versionOf(file);
    /** Consoles of realms whose methods are followed. @type {WeakSet<object>} */
    this.consoles = new WeakSet([console]);
    /** The file that runs. @type {any} */
    this.file = undefined;
    /** @type {WeakMap<object, State>} by task */
    this.states = new WeakMap();
    /** @type {WeakMap<object, State>} by the task's result, which is all that a failure comes with */
    this.results = new WeakMap();
    /** @type {WeakMap<object, State>} by the trace of an attempt or fixture */
    this.traces = new WeakMap();
  }

  /** Files are about to be collected and run, in the vm pools in a realm of their own. */
  start(realm) {
    require('./ready.cjs').prepare(this.recorder);
    const symbol = Symbol.for('flakescope.agent');
    if (!this.consoles.has(realm.console)) consoles.follow(realm.console);
    this.consoles.add(realm.console);
    if (!realm[symbol]) Object.defineProperty(realm, symbol, { value: globalThis[symbol], configurable: true });
  }

  stateOf(task) {
    let state = this.states.get(task);
    if (!state) this.states.set(task, (state = new State(task)));
    return state;
  }

  /** Vitest tells its reporters that something has happened to a test or suite. */
  update(event, task) {
    if (task.meta && task.meta.benchmark) return;
    const state = this.stateOf(task);
    this.file = task.file || task;
    if (task.result) this.results.set(task.result, state);
    if (event === 'before-hook-start') state.hooking = state.isTest ? 'beforeEach' : 'beforeAll';
    else if (event === 'after-hook-start') state.hooking = state.isTest ? 'afterEach' : 'afterAll';
    else if (state.isTest) this.updateTest(event, task, state);
    else if (event === 'suite-finished' || event === 'suite-failed-early') {
      this.finishSuite(task, state);
      if (task.filepath !== undefined) this.rest();
    } else if (event === 'suite-prepare') this.recorder.spool.brief = false;
  }

  /** Once its file is over, Vitest may end this worker by a signal; what still comes, such as a server that closes, is little. */
  rest() {
    this.recorder.pause();
    this.recorder.spool.brief = true;
  }

  updateTest(event, test, state) {
    if (event === 'test-prepare' && (test.mode === 'run' || test.mode === 'queued')) this.open(test, state);
    else if (event === 'test-retried' && test.result.state === 'run') this.retry(test, state);
    else if (event === 'test-finished' || event === 'test-failed-early' || event === 'test-cancel') this.finishTest(test, state);
  }

  open(test, state) {
    state.number += 1;
    state.hooking = 'beforeEach';
    state.failed = false;
    state.failedIn = undefined;
    state.entry = Entry.attempt(this.recorder, {
      attributes: {
        ...definition.describe(test, this.version),
        'flakescope.test.ordinal': definition.ordinalOf(test),
        'flakescope.attempt.number': state.number,
        'flakescope.attempt.timeout_ms': definition.timeoutOf(test),
      },
      links: this.fixtureLinks(test),
    });
    this.traces.set(state.entry.trace, state);
    // Where Vitest runs a test without a limit, nothing tells when its body begins.
    if (definition.timeoutOf(test) > 0) state.entry.trace.phase = 'setup';
    state.entry.open();
    context.enter(state.entry.context);
  }

  fixtureLinks(test) {
    const links = [];
    for (let level = test.suite || test.file; level; level = level.filepath === undefined ? level.suite || test.file : undefined) {
      links.unshift(...this.stateOf(level).fixtures.map((fixture) => fixture.link()));
    }
    return links;
  }

  retry(test, state) {
    state.entry.span.attributes['flakescope.attempt.retried'] = true;
    state.entry.close();
    this.open(test, state);
  }

  /** A try begins, with the hooks that go around it: the first one has begun, others may be repeats. */
  around(test) {
    const state = this.states.get(test);
    if (state) state.hooking = 'beforeEach';
  }

  finishTest(test, state) {
    if (state.done) return;
    state.done = true;
    const { state: result, note, errors } = test.result || {};
    const started = state.entry !== undefined;
    if (!started) this.open(test, state);
    const { entry } = state;
    if (result === 'pass') entry.result('pass');
    else if (result === 'fail') this.failAsReported(state, errors);
    else entry.skip(note || (started ? 'context.skip()' : this.reasonOf(test)));
    entry.close();
  }

  /** A test may fail without an error of its own, such as one that was expected to fail. */
  failAsReported(state, errors) {
    if (!state.failed) this.failTest(state, errors && errors[0], 'body');
  }

  failTest(state, error, phase) {
    state.failed = true;
    const { attributes } = state.entry.span;
    if (!attributes['code.line.number']) {
      const line = definition.lineOf(state.task, state.definition);
      if (line) attributes['code.line.number'] = line;
    }
    state.entry.fail(error, phase);
  }

  reasonOf(test) {
    return test.mode === 'todo' ? 'todo' : 'skip';
  }

  /** Tests of a suite that is skipped as a whole are not told of one by one. */
  finishSuite(suite, state) {
    const { mode, result } = suite;
    if (mode === 'skip' || mode === 'todo') for (const test of definition.testsOf(suite)) this.finishTest(test, this.stateOf(test));
    if (state.done || !result || result.state !== 'fail') return;
    state.done = true;
    const own = state.outside || (state.blamed.size === 0 && result.errors && result.errors[0]);
    if (!own) return;
    const entry = Entry.fixture(this.recorder, { attributes: definition.describeSuite(suite, this.version) });
    entry.fail(own);
    entry.close();
  }

  /** A test or suite fails; each failure is told, the first one counts. */
  fail(result, thrown) {
    const state = this.results.get(result);
    for (const one of Array.isArray(thrown) ? thrown : [thrown]) hideTrampoline(one);
    const [error] = Array.isArray(thrown) ? thrown : [thrown];
    if (!state || isSkip(error)) return;
    const { expired } = state;
    state.expired = undefined;
    if (expired) this.failHook(state, expired, error);
    if (!state.isTest) {
      if (!state.blamed.has(error)) state.outside = state.outside || error;
    } else if (state.entry && !state.failed && !state.task.fails) {
      this.failTest(state, error, state.failedIn || (state.hooking === 'afterEach' ? 'teardown' : 'body'));
    }
  }

  /**
   * A test, or a hook, is about to be called with a limit.
   * @param {boolean} isHook
   * @param {any[]} args what it is called with: the test's context, or the suite
   * @param {Error} [stack] of its definition
   * @returns {object|undefined} what the end of it is told with
   */
  begin(isHook, [subject], stack) {
    const state = this.find(subject);
    if (!state || (state.isTest && !state.entry)) return undefined;
    if (!isHook && state.isTest) {
      state.definition = stack;
      state.entry.trace.phase = 'body';
      context.enter(state.entry.context);
      return { state };
    }
    const begun = state.isTest
      ? new HookSpan(this.recorder, state.entry, definition.hookTitle(state.hooking), state.hooking)
      : this.beginFixture(state, stack);
    context.enter(begun.context);
    return { state, begun };
  }

  find(subject) {
    const task = subject && (subject.task || (subject.type === 'suite' ? subject : undefined));
    const active = task ? undefined : context.active();
    return task ? this.stateOf(task) : active && this.traces.get(active.trace);
  }

  beginFixture(state, stack) {
    const type = state.hooking;
    const attributes = definition.describeWithin(state.task, definition.hookTitle(type), this.version);
    const line = definition.lineOf(state.task, stack);
    if (line) attributes['code.line.number'] = line;
    const fixture = Entry.fixture(this.recorder, { attributes, type });
    this.traces.set(fixture.trace, state);
    if (type === 'beforeAll') state.fixtures.push(fixture);
    fixture.open();
    return fixture;
  }

  /** It has ended, or its time is out, and then it may still end. */
  end(token, timedOut, failure) {
    if (!token || token.ended) return;
    token.ended = true;
    const { state, begun } = token;
    if (!begun) this.endBody(state, timedOut || failure);
    else if (timedOut) this.expire(state, begun);
    else if (failure && !isSkip(failure.error)) this.failHook(state, begun, failure.error);
    else this.closeHook(begun);
  }

  /** What it keeps from running must be looked at before Vitest marks that as skipped, which is before it tells the error. */
  expire(state, begun) {
    state.expired = begun;
    if (begun.span.attributes['flakescope.hook.type'] === 'beforeAll') tellNotRun(begun.span, state.task);
  }

  endBody(state, failed) {
    if (failed && !state.failedIn) state.failedIn = 'body';
    state.hooking = 'afterEach';
    if (!state.entry.closed) state.entry.finish(definition.timeoutOf(state.task), 0);
  }

  failHook(state, begun, error) {
    begun.fail(error);
    if (state.isTest) {
      state.failedIn = state.failedIn || begun.span.attributes['flakescope.phase'];
    } else {
      state.blamed.add(error);
      if (begun.span.attributes['flakescope.hook.type'] === 'beforeAll') tellNotRun(begun.span, state.task);
    }
    this.closeHook(begun);
  }

  closeHook(begun) {
    if (begun instanceof Entry) begun.result('pass');
    begun.close();
  }

  /** An error that no test waits for makes Vitest's run fail, but none of its tests; a listener of the project's own prevents it. */
  unhandled(error, type, event) {
    hideTrampoline(error);
    if (!this.file || process.listeners(event).length > 1) return;
    const entry = Entry.fixture(this.recorder, { attributes: definition.describeWithin(this.file, type, this.version) });
    entry.fail(error);
    entry.close();
  }

  /** Console output, which Vitest collects. */
  log(isError, data) {
    if (this.recorder.config.console) consoles.tell(this.recorder, consoles.running(isError), String(data));
  }
}

/** After a failed before-all hook Vitest skips what is left of the suite. */
function tellNotRun(root, suite) {
  const names = definition.testsOf(suite)
    .filter(({ mode }) => mode === 'run' || mode === 'queued')
    .map((test) => definition.describe(test, '')['test.case.name'].slice(0, NAME_CHARACTERS));
  if (names.length === 0) return;
  root.attributes['flakescope.fixture.not_run'] = names.length;
  root.attributes['flakescope.fixture.not_run_tests'] = names.slice(0, NAMES);
}

module.exports = { Session };
