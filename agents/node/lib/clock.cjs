'use strict';
// The process's clock: a wall time taken once at load, moved on by the monotonic clock, so that times never run
// backwards and fake timers cannot touch them.

const { now, monotonic, eventLoop } = require('./natives.cjs');

const anchorMono = monotonic();
const anchorWall = BigInt(now()) * 1000000n;

/** Nanoseconds on the monotonic clock. @returns {bigint} */
function mono() {
  return monotonic();
}

/** The wall time, in nanoseconds since the epoch, of a monotonic instant. @param {bigint} instant */
function wall(instant) {
  return anchorWall + (instant - anchorMono);
}

/**
 * Milliseconds for which this thread's event loop has waited for something to happen. It grows only while it waits, so
 * between two instants of running code the rest of the time was spent running code.
 */
function idle() {
  return eventLoop().idle;
}

module.exports = { mono, wall, idle };
