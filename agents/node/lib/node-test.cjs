'use strict';
// Hooks node:test of Node 20 to 26, without loading it: its tests show themselves when they are made, as every one is
// an asynchronous resource. From then on accessors on their prototype see which of its methods is about to be called and
// hand out the method itself, so that no frame of ours is in a failing test's stack.

const { createHook } = require('async_hooks');
const { guard } = require('./guard.cjs');

const HARNESS = 'NativeModule internal/test_runner/harness';

/**
 * Costs nothing in a process that runs no such tests: the runner is first noticed when it listens for uncaught errors,
 * and without isolation, where it loads us itself, by its being there.
 * @param {import('./recorder.cjs').Recorder} recorder
 */
function install(recorder) {
  const isLoaded = () => process.moduleLoadList.includes(HARNESS);
  if (isLoaded()) {
    awaitTest(recorder);
    return;
  }
  const onListener = guard('node:test start', (event, listener) => {
    if (event !== 'uncaughtException' || !isLoaded() || !String(listener).includes('rootTest.harness')) return;
    process.removeListener('newListener', onListener);
    awaitTest(recorder);
  });
  process.on('newListener', onListener);
}

/** Follows asynchronous resources until the first of them is a test. */
function awaitTest(recorder) {
  const hook = createHook({
    init: guard('node:test first test', (asyncId, type, trigger, resource) => {
      if (type !== 'Test' || typeof resource.createSubtest !== 'function') return;
      hook.disable();
      attach(recorder, ownerOf(resource, 'createSubtest'));
    }),
  });
  hook.enable();
}

/** The object on the prototype chain of `object` that `name` comes from: files, hooks and suites have classes of their own. */
function ownerOf(object, name) {
  let owner = object;
  while (!Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner);
  return owner;
}

/** @param {import('./recorder.cjs').Recorder} recorder @param {any} Test the prototype of all tests */
function attach(recorder, Test) {
  const { Session } = require('./node-test-session.cjs');
  const session = new Session(recorder, Test.runInAsyncScope);
  const hooks = new WeakSet();
  const see = (name, handler) => observe(Test, name, guard(`node:test ${name}`, handler));

  see('run', (test) => session.onRun(test));
  see('runInAsyncScope', (test) => {
    const kind = Object.getPrototypeOf(test);
    if (typeof test.hookType === 'string' && !hooks.has(kind)) {
      hooks.add(kind);
      observe(kind, 'postRun', guard('node:test hook end', (hook) => session.onHookEnd(hook)));
    }
    session.onScope(test);
  });
  see('pass', (test) => session.onOutcome(test));
  see('fail', (test) => session.onOutcome(test));
  see('getReportDetails', (test) => session.onComplete(test));
  see('report', (test) => session.onReport(test));
  see('diagnostic', (test) => session.onDiagnostic(test));
  recorder.atExit.add(guard('node:test late', () => session.tellLate()));
}

/** Calls `see(object)` just before the method `name` of any `object` below `prototype` is called. */
function observe(prototype, name, see) {
  const method = prototype[name];
  if (typeof method !== 'function') return;
  Object.defineProperty(prototype, name, {
    get() {
      see(this);
      return method;
    },
    set(value) {
      Object.defineProperty(this, name, { value, writable: true, configurable: true, enumerable: true });
    },
    configurable: true,
    enumerable: false,
  });
}

module.exports = { install };
