'use strict';
// Wires the agent together in one process or worker thread.

const { guard, onFailure } = require('./guard.cjs');
const config = require('./config.cjs');
const own = require('./own.cjs');
const { Recorder } = require('./recorder.cjs');

const VERSION = '0.1.0';

/** The hooks, each switched on by itself so that one that fails takes none of the others with it. */
const HOOKS = {
  modules: (recorder) => require('./module-load.cjs').install(recorder),
  'node-test': (recorder) => require('./node-test.cjs').install(recorder),
  vitest: (recorder) => process.env.VITEST && require('./vitest.cjs').install(recorder),
  listen: (recorder) => require('./listen.cjs').install(recorder),
  'http-client': (recorder) => require('./http-client.cjs').install(recorder),
  'http-server': (recorder) => require('./http-server.cjs').install(recorder),
  spawn: (recorder) => require('./spawn.cjs').install(recorder),
  http2: (recorder) => require('./http2.cjs').install(recorder),
  undici: (recorder) => require('./undici.cjs').install(recorder),
  console: (recorder) => require('./console.cjs').install(recorder),
};

/** Starts recording into `spool`; does nothing when the folder is gone. */
function start(spool) {
  const settings = config.load(spool);
  if (!settings) return;
  require('./pseudonym.cjs').configure(settings);
  const recorder = new Recorder(settings, { tid: threadId(), version: VERSION });
  onFailure((kind, detail) => recorder.gap(kind, { detail }));
  if (!recorder.spool.append('')) return;
  // Those of module loaders are ended with their process, unasked, and have nothing to tell.
  if (threadId() > 0) recorder.pause();
  guard('inherited', inherit)(spool, recorder.spool);
  recorder.atExit.add(() => own.load('exchange.cjs').flush());
  for (const [name, install] of Object.entries(HOOKS)) guard(`install ${name}`, install)(recorder);
  process.on('exit', guard('exit', () => recorder.close()));
  own.keep();
  const agent = guard('api', () => require('./api.cjs').attach(recorder))();
  Object.defineProperty(globalThis, Symbol.for('flakescope.agent'), { value: agent || { recorder }, configurable: true });
}

/** Work that belongs to no test here belongs to the one that started this process or thread. */
function inherit(folder, { instance, identity }) {
  const { Ancestry } = require('./inherited.cjs');
  const ancestry = new Ancestry(folder, { pid: process.pid, tid: identity.tid, instance });
  const look = guard('inherited', () => ancestry.place());
  // Now, as whoever started it may be gone when it makes its first call.
  look();
  require('./context.cjs').lookAbove(look);
}

/** 0 in the main thread. Only worker threads lack `chdir`, and asking them costs the load of a module. */
function threadId() {
  return process.chdir.disabled ? require('worker_threads').threadId : 0;
}

module.exports = { start };
