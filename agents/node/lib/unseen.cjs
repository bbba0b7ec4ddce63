'use strict';
// Calls that no hook can see, because no request object of Node's or undici's ever comes to be: told as the gap
// `client-unseen`, once for each test and client, so that nobody takes a recording without calls for a test without calls.

const context = require('./context.cjs');
const frames = require('./frames.cjs');
const { guard } = require('./guard.cjs');

/** The clients told of, by the trace of a test. @type {WeakMap<object, Set<string>>} */
const told = new WeakMap();
/** The clients told of outside any test. @type {Set<string>} */
const elsewhere = new Set();

/** @param {import('./recorder.cjs').Recorder} recorder @param {string} client @param {string} target of the call */
function tell(recorder, client, target) {
  const { trace, attribution } = context.place();
  const known = attribution === 'none' ? elsewhere : told.get(trace) || new Set();
  if (known.has(client)) return;
  known.add(client);
  if (attribution !== 'none') told.set(trace, known);
  recorder.gap('client-unseen', {
    trace: attribution === 'none' ? undefined : trace.traceId, detail: `${client}: ${target}, and others of this test`,
  });
}

/** nock up to 13 stands in for the request object itself. @param {any} exports of the file that answers in its place */
function watchNock(recorder, exports) {
  frames.before(exports, 'playbackInterceptor', guard('nock', (_, args) => {
    if (isLaterNock()) return;
    const { options, interceptor } = args[0];
    tell(recorder, 'nock', `${interceptor.method} ${options.proto}://${options.host}${options.path}`);
  }));
}

/** From 14 on nock stands upon another package, and its calls are seen. */
function isLaterNock() {
  return Object.keys(require.cache).some((file) => file.includes('/node_modules/@mswjs/interceptors/'));
}

/** undici's mock answers without a request. @param {any} MockAgent */
function watchMockAgent(recorder, MockAgent) {
  const { created } = require('./undici.cjs');
  frames.around(MockAgent.prototype, 'dispatch', () => created.count, guard('undici mock', (_, args, before) => {
    if (created.count !== before) return;
    const { method, origin, path } = args[0];
    tell(recorder, 'undici MockAgent', `${method} ${origin}${path}`);
  }));
}

module.exports = { watchNock, watchMockAgent };
