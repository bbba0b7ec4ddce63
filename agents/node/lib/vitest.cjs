'use strict';
// Finds the runner of Vitest 3 to 5 in the processes and threads in which Vitest runs tests. It is an ES module, and in
// the vm pools one that Vitest itself loads, so its source is where it can be met: some of its functions get a call of
// ours behind the brace that opens them. No line and no column of anything else moves, and no frame of ours is ever
// below a test.

const fs = require('fs');
const Module = require('module');
const { types } = require('util');
const { guard } = require('./guard.cjs');
const { hidden } = require('./frames.cjs');

const FILES = /[\\/](?:@vitest[\\/]runner|vitest)[\\/]dist[\\/](?:chunks[\\/])?[^\\/]+\.js$/;

/** What is to be undone when the runner has been met. @type {(() => void)[]} */
const undo = [];

/** Vitest says to everything below it that it is there. @param {import('./recorder.cjs').Recorder} recorder */
function install(recorder) {
  // A worker may be ended by a signal before it has got anything to do.
  recorder.pause();
  const { transform } = require('./vitest-source.cjs');
  const change = guard('vitest source', (file, source) => {
    const changed = transform(String(source));
    if (changed) attach(recorder, file);
    return changed === undefined || typeof source === 'string' ? changed : Buffer.from(changed);
  });
  watchReads((file, source) => (FILES.test(String(file)) && change(decodeURIComponent(String(file)), source)) || source);
  if (typeof Module.registerHooks !== 'function') return;
  const hooks = Module.registerHooks({
    load(url, context, nextLoad) {
      const result = nextLoad(url, context);
      const source = FILES.test(url) && result.source && change(decodeURIComponent(url), result.source);
      return source ? { ...result, source } : result;
    },
  });
  undo.push(() => hooks.deregister());
}

/**
 * Changes what these functions read: by them Vitest reads modules for its vm pools, and Node up to 22.14 its own. The
 * tests find them as they were.
 */
function watchReads(change) {
  replace(fs.promises, 'readFile', (read) => function readFile(file, ...options) {
    return Reflect.apply(read, this, [file, ...options]).then((source) => change(file, source));
  });
  replace(fs, 'readFileSync', (read) => function readFileSync(file, ...options) {
    return change(file, Reflect.apply(read, this, [file, ...options]));
  });
}

function replace(target, name, wrap) {
  const original = target[name];
  target[name] = wrap(original);
  undo.push(() => {
    target[name] = original;
  });
}

/** Names that were imported meanwhile have what was there then. */
function restore() {
  for (const step of undo.splice(0)) step();
  Module.syncBuiltinESMExports();
}

/**
 * A hook that Vitest calls itself, because it has no limit, and what is told of it. Its promise is only watched; what is
 * like one may begin its work each time that it is asked for, so that Vitest gets a promise in its place.
 */
const withoutLimit = hidden((begin, end, isPromise) => (hook, stack) => function (...args) {
  const token = begin(true, args, stack);
  const ended = () => end(token, false);
  const failed = (error) => end(token, false, { error });
  let result;
  try {
    result = Reflect.apply(hook, this, args);
  } catch (error) {
    failed(error);
    throw error;
  }
  if (isPromise(result)) Promise.prototype.then.call(result, ended, failed);
  else if (result !== null && typeof result === 'object' && typeof result.then === 'function') {
    result = Promise.resolve(result);
    result.then(ended, failed);
  } else ended();
  return result;
});

let session;

/** Puts the session where the changed source looks for it; every realm has the same `process`. */
function attach(recorder, file) {
  if (session) return;
  const { Session } = require('./vitest-session.cjs');
  session = new Session(recorder, file);
  const told = {};
  for (const name of ['update', 'fail', 'around', 'begin', 'end', 'unhandled', 'log']) {
    told[name] = guard(`vitest ${name}`, (...args) => session[name](...args));
  }
  const unlimited = withoutLimit(told.begin, told.end, types.isPromise);
  told.unlimited = (isHook, hook, stack) => (isHook ? unlimited(hook, stack) : undefined);
  told.start = guard('vitest start', (realm) => {
    if (undo.length > 0) restore();
    session.start(realm);
  });
  Object.defineProperty(process, Symbol.for('flakescope.vitest'), { value: Object.freeze(told), configurable: true });
}

module.exports = { install };
