'use strict';
// Incoming requests of this process's HTTP servers: SERVER spans, below the call that reached us when we know it.

const { subscribe } = require('diagnostics_channel');
const context = require('./context.cjs');
const { guard } = require('./guard.cjs');
const own = require('./own.cjs');

/** @param {import('./recorder.cjs').Recorder} recorder */
function install(recorder) {
  const onRequest = guard('http server', (message) => {
    const { serve } = own.load('http-serve.cjs');
    context.enter(serve(recorder, message));
  });
  subscribe('http.server.request.start', onRequest);
}

module.exports = { install };
