'use strict';
// The preload (`node --require agent.cjs`). It decides within microseconds whether this process is recorded at all,
// and only then loads the rest. Whatever goes wrong in here, the host process runs on as if we were not there.

if (wanted()) {
  try {
    require('./lib/start.cjs').start(process.env.FLAKESCOPE_SPOOL);
  } catch {
    // An agent that cannot start leaves no trace in its host; the recorder notices that no agent reported.
  }
}

/** Whether this process is one to record: a spool is named, nobody switched us off, and it is no package manager. */
function wanted() {
  const environment = process.env;
  if (!environment.FLAKESCOPE_SPOOL || environment.FLAKESCOPE_DISABLE === '1') return false;
  if (globalThis[Symbol.for('flakescope.agent')]) return false;
  return !isPackageManager(process.argv[1] || '');
}

/** npm, npx, yarn, pnpm and corepack start the test command; their own requests are none of the run's business. */
function isPackageManager(script) {
  return /[\\/](?:npm-cli|npx-cli|npm|npx|corepack|yarn|yarnpkg|pnpm|pnpx)(?:\.[cm]?js)?$/.test(script)
    || /[\\/]\.yarn[\\/]releases[\\/]yarn-[^\\/]*\.c?js$/.test(script);
}
