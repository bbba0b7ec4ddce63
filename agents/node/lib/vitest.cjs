'use strict';
// Finds the runner of Vitest 3 to 5 in the processes and threads in which Vitest runs tests. It is an ES module, and in
// the vm pools one that Vitest itself loads, so its source is where it can be met: some of its functions get a call of
// ours behind the brace that opens them. No line and no column of anything else moves, and no frame of ours is ever
// below a test.

const fs = require('fs');
const Module = require('module');
const { guard } = require('./guard.cjs');

const FILES = /[\\/](?:@vitest[\\/]runner|vitest)[\\/]dist[\\/](?:chunks[\\/])?[^\\/]+\.js$/;

/** Vitest says to everything below it that it is there. @param {import('./recorder.cjs').Recorder} recorder */
function install(recorder) {
  if (!process.env.VITEST) return;
  const { transform } = require('./vitest-source.cjs');
  const change = guard('vitest source', (file, source) => {
    if (!FILES.test(file)) return undefined;
    const changed = transform(String(source));
    if (changed) attach(recorder, file);
    return changed;
  });
  watchPromises(change);
  // From Node 22.15 on the platform's own way; before it the platform reads modules by the functions below.
  if (typeof Module.registerHooks === 'function') Module.registerHooks({ load: (...args) => load(change, ...args) });
}

function load(change, url, context, nextLoad) {
  const result = nextLoad(url, context);
  const source = result.source && url.startsWith('file:') && change(decodeURIComponent(url), result.source);
  return source ? { ...result, source } : result;
}

/** Follows what is read by promise, which is how Vitest reads modules for its vm pools, and Node 20 its own. */
function watchPromises(change) {
  const { readFile } = fs.promises;
  fs.promises.readFile = { readFile(file, options) {
    const reading = Reflect.apply(readFile, this, [file, options]);
    if (!FILES.test(String(file))) return reading;
    return reading.then((source) => {
      const changed = change(decodeURIComponent(String(file)), source);
      return changed === undefined || typeof source === 'string' ? changed || source : Buffer.from(changed);
    });
  } }.readFile;
}

let session;

/** Puts the session where the changed source looks for it; every realm has the same `process`. */
function attach(recorder, file) {
  if (session) return;
  const { Session } = require('./vitest-session.cjs');
  session = new Session(recorder, file);
  const told = {};
  for (const name of ['start', 'update', 'fail', 'around', 'begin', 'end', 'log']) {
    told[name] = guard(`vitest ${name}`, (...args) => session[name](...args));
  }
  Object.defineProperty(process, Symbol.for('flakescope.vitest'), { value: Object.freeze(told), configurable: true });
}

module.exports = { install };
