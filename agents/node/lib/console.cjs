'use strict';
// Console output as logs of the test that is running, bounded. The text is taken where the console hands it to its
// stream, formatted once; what is printed, and a console that a test replaces, stay as they are.

const clock = require('./clock.cjs');
const context = require('./context.cjs');
const frames = require('./frames.cjs');
const output = require('./output.cjs');
const { guard } = require('./guard.cjs');

const ATTEMPT_BYTES = 1024 * 1024;
const RUN_BYTES = 1024 * 1024;

const SEVERITIES = {
  debug: { number: 5, text: 'DEBUG' },
  log: { number: 9, text: 'INFO' },
  info: { number: 9, text: 'INFO' },
  warn: { number: 13, text: 'WARN' },
  error: { number: 17, text: 'ERROR' },
};

/** The console method that is running, outermost first. @type {string[]} */
const methods = [];
/** Bounds what no test can be found for. */
const rest = { logBytes: 0 };

/** @param {import('./recorder.cjs').Recorder} recorder */
function install(recorder) {
  if (!recorder.config.console) return;
  const write = Object.getOwnPropertySymbols(console).find((symbol) => symbol.description === 'kWriteToConsole');
  if (!write || typeof console[write] !== 'function') return;
  follow(console);
  frames.before(console, write, guard('console', (_, args) => {
    if (output.muted === 0) record(recorder, String(args[0] && args[0].description), String(args[1]));
  }));
}

/** Notices which method of `target` is running. @param {Console} target */
function follow(target) {
  for (const method of Object.keys(SEVERITIES)) {
    frames.around(target, method, () => methods.push(method), () => methods.pop());
  }
}

/** The method that is running, or what its stream says of it. */
function running(isError) {
  return methods[methods.length - 1] || (isError ? 'error' : 'log');
}

function record(recorder, stream, text) {
  tell(recorder, running(stream === 'kUseStderr'), text);
}

/** Records `text` as output of the console method `method`, in the test that prints it. */
function tell(recorder, method, text) {
  const active = context.active() || only();
  const trace = active && active.trace;
  const budget = trace || rest;
  const limit = trace ? ATTEMPT_BYTES : RUN_BYTES;
  const size = Buffer.byteLength(text);
  if (budget.logBytes + size > limit) {
    if (!budget.logCut) recorder.gap('log-cut', { trace: trace && trace.traceId });
    budget.logCut = true;
    return;
  }
  budget.logBytes += size;
  const severity = SEVERITIES[method];
  recorder.write({
    t: 'log',
    trace: trace && trace.traceId,
    span: active && active.spanId,
    time: String(clock.wall(clock.mono())),
    severity: severity.number,
    severity_text: severity.text,
    body: text.endsWith('\n') ? text.slice(0, -1) : text,
    attrs: trace && trace.isTest ? { 'flakescope.phase': trace.phase } : {},
  });
}

/** The only running test, for output whose context was lost. */
function only() {
  return context.running.size === 1 ? [...context.running][0] : undefined;
}

module.exports = { install, follow, running, tell };
