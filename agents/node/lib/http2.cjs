'use strict';
// Captures node:http2 clients, once the project has loaded that module: it costs more to load than the agent itself, so
// nothing here is the first to. Works on the prototypes, so it does not matter how the project came by `connect`.

const { subscribe } = require('diagnostics_channel');
const { guard } = require('./guard.cjs');
const frames = require('./frames.cjs');
const own = require('./own.cjs');

/** @typedef {import('./http2-call.cjs').Http2Call} Http2Call */
/** @type {WeakMap<object, Http2Call>} by stream */
const calls = new WeakMap();

/** How many of the platform's modules were loaded when they were last looked at; only new ones are. */
let looked = 0;
let hooked = false;

/** @param {import('./recorder.cjs').Recorder} recorder */
function install(recorder) {
  subscribe('net.client.socket', guard('http2', () => look(recorder)));
}

/** Hooks HTTP/2 if it has been loaded since the last look. @param {import('./recorder.cjs').Recorder} recorder */
function look(recorder) {
  const loaded = process.moduleLoadList;
  if (hooked || loaded.length === looked) return;
  const isLoaded = loaded.indexOf('NativeModule http2', looked) >= 0;
  looked = loaded.length;
  if (!isLoaded) return;
  hooked = true;
  hook(recorder, require('http2'));
}

function hook(recorder, http2) {
  const { session, stream } = prototypes(http2);
  const begin = guard('http2 request', (owner, args) => {
    const { Http2Call } = own.load('http2-call.cjs');
    return Http2Call.begin(recorder, owner, args);
  });
  const created = guard('http2 stream', (_, args, call, result) => {
    if (!call) return;
    if (result) calls.set(result, call);
    call.onStream(result);
  });
  frames.around(session, 'request', begin, created);
  for (const [name, tell] of Object.entries(OBSERVED)) {
    frames.before(stream, name, guard(`http2 ${name}`, (self, args) => {
      const call = calls.get(self);
      if (call) tell(call, args);
    }));
  }
}

/** What the methods of a stream tell its call. */
const OBSERVED = {
  write: (call, [chunk, encoding]) => call.onWrite(chunk, encoding),
  end: (call, [chunk, encoding]) => call.onWrite(chunk, encoding),
  push: (call, [bytes]) => (bytes === null ? call.onEnd() : call.onData(bytes)),
  close: (call) => call.onCut(),
  destroy: (call, [error]) => call.onDestroy(error),
  setTimeout: (call, [milliseconds]) => call.timeoutAfter(milliseconds),
};

/** The prototypes of client sessions and their streams, which nothing exports: taken from a session without a peer. */
function prototypes(http2) {
  const { Duplex } = require('stream');
  const nowhere = new Duplex({ read() {}, write(chunk, encoding, done) { done(); } });
  const session = http2.connect('http://localhost', { createConnection: () => nowhere });
  const stream = session.request();
  for (const emitter of [nowhere, session, stream]) emitter.on('error', () => {});
  session.destroy();
  return { session: Object.getPrototypeOf(session), stream: Object.getPrototypeOf(stream) };
}

module.exports = { install, look };
