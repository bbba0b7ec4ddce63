'use strict';
// The process's clock: a wall time taken once at load, moved on by the monotonic clock, so that times never run
// backwards and fake timers cannot touch them.

const { now, monotonic } = require('./natives.cjs');

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

module.exports = { mono, wall };
