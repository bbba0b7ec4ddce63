'use strict';
// Hooks Jest 29 and 30: what its runner tells an environment of its tests, what it tells of files that failed as a whole,
// and the consoles that it gives to tests. Nothing that a test calls gets a frame of ours under it.

const context = require('./context.cjs');
const { guard } = require('./guard.cjs');
const frames = require('./frames.cjs');
const natives = require('./natives.cjs');
const own = require('./own.cjs');
const { Session, failFile } = require('./jest-session.cjs');

/** Jest's own folder in the path of one of its files. */
const PACKAGE = /^.*[\\/]node_modules[\\/](?:@jest[\\/])?[^\\/]+(?=[\\/])/;
const NO_TEST = 'Your test suite must contain at least one test.';
const AGENT = Symbol.for('flakescope.agent');

/**
 * jest-circus: runs the tests of one file, in the sandbox of the file's environment.
 * @param {import('./recorder.cjs').Recorder} recorder
 * @param {any} exports of its adapter, the part outside the sandbox
 * @param {string} file where the adapter is installed
 */
function watchCircus(recorder, exports, file) {
  const version = versionOf(file);
  const begin = guard('jest file', (args) => follow(recorder, args, version));
  const end = guard('jest file end', (session) => session && session.end());
  const adapter = exports && exports.default;
  if (typeof adapter !== 'function') return;
  context.begin();
  exports.default = function jestAdapter(...args) {
    const session = begin(args);
    const result = Reflect.apply(adapter, this, args);
    // A file that cannot be loaded has an end, too. What Jest makes of the result is its own affair.
    if (result && typeof result.then === 'function') result.then(() => end(session), () => end(session));
    return result;
  };
}

/** Lets a session see the events of one file. Jest asks the environment for the handler once, when it begins. */
function follow(recorder, [, config, environment, runtime, testPath], version) {
  const session = new Session(recorder, { config, runtime, testPath, version, below: handleTestEvent });
  const on = guard('jest events', (event, state) => session.on(event, state));
  const handler = environment.handleTestEvent;
  function handleTestEvent(event, state) {
    on(event, state);
    return typeof handler === 'function' ? Reflect.apply(handler, this, [event, state]) : undefined;
  }
  environment.handleTestEvent = handleTestEvent;
  // The tests have a global object of their own. Jest empties what is put there as a value when the file is over.
  Object.defineProperty(environment.global, AGENT, { get: () => globalThis[AGENT], configurable: true });
  return session;
}

/**
 * The first of Jest in a process, before it translates anything: what is loaded while it does, our own files too, goes
 * through the project's transformer and into its cache.
 */
function watchStart(recorder) {
  own.load('ready.cjs').prepare(recorder);
}

/** jest-runner, which knows of files that failed as a whole, wherever they ran. @param {any} exports */
function watchRunner(recorder, exports, file) {
  const TestRunner = exports && exports.default;
  if (!TestRunner || !TestRunner.prototype) return;
  const version = versionOf(file);
  frames.before(TestRunner.prototype, 'runTests', guard('jest files', (runner, [, watcher]) => {
    runner.on('test-file-failure', guard('jest file failure', ([test, error]) => {
      // Of files that are left out after an interruption, as by --bail, Jest says nothing either.
      if (!watcher.isInterrupted()) failFile(recorder, test, error, version);
    }));
    runner.on('test-file-success', guard('jest file success', ([test, result]) => {
      if (watcher.isInterrupted() || result.testResults.length > 0) return;
      failFile(recorder, test, { name: 'Error', message: NO_TEST, stack: NO_TEST }, version);
    }));
  }));
}

/** Severities by Jest's types of console output; everything else is information. */
const SEVERITIES = { debug: 'debug', warn: 'warn', error: 'error', assert: 'error' };

/** @jest/console: what tests print goes through one function, whether Jest keeps it or shows it at once. */
function watchConsole(recorder, exports) {
  const { BufferedConsole } = exports || {};
  if (!BufferedConsole || !recorder.config.console) return;
  const { tell } = own.load('console.cjs');
  // Jest takes the stack above this very function, as it finds it: no frame of ours is in the place that it prints.
  frames.before(BufferedConsole, 'write', guard('jest console', (_, [, type, message]) => {
    tell(recorder, SEVERITIES[type] || 'log', String(message));
  }));
}

/** The version in the manifest of the package that `file` belongs to. */
function versionOf(file) {
  const [folder] = PACKAGE.exec(file) || [];
  try {
    return String(natives.parse(natives.readFileSync(`${folder}/package.json`, 'utf8')).version);
  } catch {
    return '';
  }
}

module.exports = { watchStart, watchCircus, watchRunner, watchConsole };
