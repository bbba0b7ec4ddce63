'use strict';
// Loads what the first call would load, before the first test runs: a test may mock the file system, and then nothing
// can be loaded any more.

const own = require('./own.cjs');

/** Everything that is loaded late, and `crypto` if the project uses it anyway. @param {import('./recorder.cjs').Recorder} recorder */
function prepare(recorder) {
  for (const file of ['http-call.cjs', 'http-serve.cjs', 'undici-call.cjs', 'exception.cjs']) own.load(file);
  own.load('pseudonym.cjs').prepare();
  own.load('http2.cjs').look(recorder);
  own.load('spawn.cjs').look(recorder);
  own.load('unseen.cjs').look(recorder);
  if (process.moduleLoadList.includes('NativeModule http2')) own.load('http2-call.cjs');
}

module.exports = { prepare };
