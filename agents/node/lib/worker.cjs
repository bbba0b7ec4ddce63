'use strict';
// The runner's name for this process, when it has several.

/** Mocha gives its parallel workers a number; older versions are told apart by process. */
const worker = process.env.MOCHA_WORKER_ID
  || (/[\\/]lib[\\/]nodejs[\\/]worker\.c?js$/.test(process.argv[1] || '') ? String(process.pid) : undefined);

module.exports = { worker };
