'use strict';
// Tells whose work a process or worker thread is that this one starts: the agent in it reads that, so that its calls
// belong to the same test. Nothing is handed over in its environment, its arguments or its data, which are the program's.

const context = require('./context.cjs');
const frames = require('./frames.cjs');
const clock = require('./clock.cjs');
const { guard } = require('./guard.cjs');

/** So much of a command line says which process it is. */
const WORDS = 4;

/** What a runner starts for itself, and in which nothing of the project runs. */
const HELPER = /[\\/]vitest[\\/]dist[\\/]workers[\\/]watchdog\.js$/;

/** How many of the platform's modules were loaded when they were last looked at. */
let looked = 0;
let hooked = false;

/** @param {import('./recorder.cjs').Recorder} recorder */
function install(recorder) {
  // Node itself announces each worker thread it has made, in the context of who made it.
  process.on('worker', guard('worker thread', ({ threadId }) => tell(recorder, process.pid, threadId)));
}

/** Hooks child processes if their module has been loaded since the last look; loading it is the project's affair. */
function look(recorder) {
  const loaded = process.moduleLoadList;
  if (hooked || loaded.length === looked) return;
  const isLoaded = loaded.indexOf('NativeModule child_process', looked) >= 0;
  looked = loaded.length;
  if (!isLoaded) return;
  hooked = true;
  const started = guard('child process', (child, [options]) => {
    if (!child.pid) return;
    tell(recorder, child.pid, 0);
    if (isNode(options) && isStripped(options)) unrecorded(recorder, options);
  });
  frames.around(require('child_process').ChildProcess.prototype, 'spawn', () => undefined, started);
}

/** Whether a child is Node, or what starts it with an empty environment. */
function isNode({ file, args }) {
  return file === process.execPath || /(?:^|[\\/])node(?:js)?$/.test(file)
    || (/(?:^|[\\/])env$/.test(file) && args.some((word) => word === '-i' || word === '--ignore-environment'));
}

/** Whether the child gets nothing by which an agent would be loaded into it. */
function isStripped({ file, args, envPairs }) {
  if (args.some((word) => HELPER.test(word))) return false;
  const has = (name) => (envPairs || []).some((pair) => pair.startsWith(`${name}=`));
  if (/(?:^|[\\/])env$/.test(file) || !has('FLAKESCOPE_SPOOL')) return true;
  // Runners keep NODE_OPTIONS from their workers and hand on what stands in it.
  return !has('NODE_OPTIONS') && context.place().attribution !== 'none';
}

function unrecorded(recorder, { args }) {
  const { trace, attribution } = context.place();
  recorder.gap('no-agent', {
    trace: attribution === 'none' ? undefined : trace.traceId,
    detail: `started without NODE_OPTIONS and FLAKESCOPE_SPOOL: ${args.slice(0, WORDS).join(' ')}`,
  });
}

function tell(recorder, pid, tid) {
  const { trace, parent, attribution } = context.place();
  const known = attribution === 'none' ? {} : { trace: trace.traceId, span: parent };
  recorder.write({ t: 'spawn', pid, tid, time: String(clock.wall(clock.mono())), ...known });
}

module.exports = { install, look };
