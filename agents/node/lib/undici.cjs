'use strict';
// Captures global fetch and undici, the bundled one and any that a project installs (5 and later): all of them announce
// their requests on the same diagnostics channels.

const { subscribe } = require('diagnostics_channel');
const { guard } = require('./guard.cjs');
const { nextTick } = require('./natives.cjs');
const own = require('./own.cjs');

/** @typedef {import('./undici-call.cjs').UndiciCall} UndiciCall */
/** @type {WeakMap<object, UndiciCall>} by undici's request object */
const calls = new WeakMap();

/** How many requests there were: one that a mock answers is none. */
const created = { count: 0 };

/** Channels of one request, and the method that is told. */
const CHANNELS = {
  'undici:client:sendHeaders': 'onSendHeaders',
  'undici:request:bodyChunkSent': 'onChunkSent',
  'undici:request:bodySent': 'onSent',
  'undici:request:headers': 'onHeaders',
  'undici:request:bodyChunkReceived': 'onChunkReceived',
  'undici:request:trailers': 'onComplete',
  'undici:request:error': 'onError',
};

/** @param {import('./recorder.cjs').Recorder} recorder */
function install(recorder) {
  subscribe('undici:request:create', guard('undici:request:create', ({ request }) => {
    created.count += 1;
    const { UndiciCall } = own.load('undici-call.cjs');
    const call = new UndiciCall(recorder, request);
    calls.set(request, call);
    nextTick(guard('undici start', () => call.begin()));
  }));
  subscribe('undici:client:connected', guard('undici:client:connected', ({ socket }) => {
    own.load('undici-call.cjs').connected(socket);
  }));
  for (const [channel, method] of Object.entries(CHANNELS)) {
    subscribe(channel, guard(channel, (message) => {
      const call = calls.get(message.request);
      if (call) call[method](message);
    }));
  }
}

module.exports = { install, created };
