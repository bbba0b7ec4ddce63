'use strict';
// Loads what the first call would load, before the first test runs: a test may mock the file system, and then nothing
// can be loaded any more.

/** Everything that is loaded late, and `crypto` if the project uses it anyway. @param {import('./recorder.cjs').Recorder} recorder */
function prepare(recorder) {
  require('./http-call.cjs');
  require('./http-serve.cjs');
  require('./undici-call.cjs');
  require('./pseudonym.cjs').prepare();
  require('./http2.cjs').look(recorder);
  require('./spawn.cjs').look(recorder);
  require('./unseen.cjs').look(recorder);
  if (process.moduleLoadList.includes('NativeModule http2')) require('./http2-call.cjs');
}

module.exports = { prepare };
