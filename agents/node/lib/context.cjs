'use strict';
// Which test is this? Keeps the traces of this process (attempts, fixtures, requests served), the active one per
// asynchronous context, and the rule by which a span finds its parent: the active context, else the only running
// test, else none.

const { AsyncLocalStorage } = require('async_hooks');
const { hidden } = require('./frames.cjs');
const ids = require('./ids.cjs');

/** @typedef {'setup'|'body'|'teardown'|'after'} Phase */

/**
 * One trace of this process, and what is bounded per trace. `phase` moves on as the test does.
 */
class Trace {
  /** @param {{traceId?: string, isTest: boolean, phase?: Phase}} options */
  constructor({ traceId, isTest, phase }) {
    this.traceId = traceId || ids.traceId();
    this.isTest = isTest;
    this.phase = phase;
    this.bodyBytes = 0;
    this.logBytes = 0;
    /** Calls under way that are followed. @type {Set<{tell: () => void}>} */
    this.open = new Set();
  }
}

/**
 * @typedef {object} Context the active place in a trace
 * @property {Trace} trace
 * @property {string} spanId
 * @property {string} [attribution] how this place was found, where it was not by following a test's own execution
 */

/** @type {AsyncLocalStorage<Context>} */
const storage = new AsyncLocalStorage();
/** @type {Set<Context>} the tests and fixtures that are running in this process */
const running = new Set();

/**
 * Finds a span of the project's own SDK that is nearer than the active context.
 * @type {((context: Context|undefined) => string|undefined)|undefined}
 */
let nearer;

/** @param {(context: Context|undefined) => string|undefined} find */
function lookNearer(find) {
  nearer = find;
}

/**
 * Finds where work of this process belongs that runs no tests itself.
 * @type {(() => {traceId: string, spanId: string, attribution: string, phase?: Phase}|undefined)|undefined}
 */
let lookUp;
/** The trace that was found last. @type {Trace|undefined} */
let outer;

function lookAbove(find) {
  lookUp = find;
}

/** The place above this process or thread to which its work belongs, if any. */
function above() {
  const found = lookUp && lookUp();
  if (!found) return undefined;
  const { traceId, spanId, attribution, phase } = found;
  if (!outer || outer.traceId !== traceId) outer = new Trace({ traceId, isTest: true });
  outer.phase = phase;
  return { trace: outer, parent: spanId, attribution };
}

/** The active context. @returns {Context|undefined} */
function active() {
  return storage.getStore();
}

/** Makes `context` the active one for the rest of the current execution; adds no frame to anybody's stack. */
function enter(context) {
  if (storage.getStore() !== context) storage.enterWith(context);
}

/** Runs `body` inside `context`, with no more frames on the stack than this one, which runners' filters drop. */
const run = hidden((storage) => (context, body) => {
  const before = storage.getStore();
  storage.enterWith(context);
  try {
    return body();
  } finally {
    storage.enterWith(before);
  }
})(storage);

/**
 * Follows executions from now on. Up to Node 22 the first use is what begins it, and a context entered by that use sticks
 * to all that had begun before.
 */
function begin() {
  storage.enterWith(storage.getStore());
}

/**
 * Where a span that starts now belongs.
 * @returns {{trace: Trace, parent: string|undefined, attribution: string}}
 */
function place() {
  const context = storage.getStore();
  if (context) {
    const parent = (nearer && nearer(context)) || context.spanId;
    return { trace: context.trace, parent, attribution: context.attribution || 'context' };
  }
  if (running.size === 1) {
    const [only] = running;
    return { trace: only.trace, parent: only.spanId, attribution: 'only-running-test' };
  }
  return (running.size === 0 && above()) || { trace: new Trace({ isTest: false }), parent: undefined, attribution: 'none' };
}

module.exports = { Trace, active, enter, run, begin, place, lookNearer, lookAbove, running };
