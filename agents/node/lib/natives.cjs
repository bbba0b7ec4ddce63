'use strict';
// Everything of the platform that the agent uses later, captured at load: tests replace clocks, timers, file
// functions and globals, and neither they nor we may notice each other.

const fs = require('fs');

module.exports = {
  openSync: fs.openSync,
  writeSync: fs.writeSync,
  closeSync: fs.closeSync,
  ftruncateSync: fs.ftruncateSync,
  readSync: fs.readSync,
  readdirSync: fs.readdirSync,
  statSync: fs.statSync,
  existsSync: fs.existsSync,
  readFileSync: fs.readFileSync,
  O_SEGMENT: fs.constants.O_CREAT | fs.constants.O_EXCL | fs.constants.O_APPEND | fs.constants.O_WRONLY,
  prepareStackTrace: Error.prepareStackTrace,
  now: Date.now,
  monotonic: process.hrtime.bigint,
  eventLoop: globalThis.performance.eventLoopUtilization.bind(globalThis.performance),
  setImmediate: globalThis.setImmediate,
  nextTick: process.nextTick.bind(process),
  stringify: JSON.stringify,
  parse: JSON.parse,
  bufferFrom: Buffer.from.bind(Buffer),
  byteLength: Buffer.byteLength,
  concat: Buffer.concat,
  isUtf8: require('buffer').isUtf8,
};
