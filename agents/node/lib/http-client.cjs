'use strict';
// Captures node:http and node:https clients, and with them every library above: each network attempt is a request
// object of its own. Works on the prototype, so it does not matter who made the request or holds which function.
//
// No listener is added that Node or the project could notice by its absence (`response`, `error`, `data`), nothing is
// consumed, and nothing waits for us.

const http = require('http');
const { subscribe } = require('diagnostics_channel');
const { errorMonitor } = require('events');
const { guard } = require('./guard.cjs');
const frames = require('./frames.cjs');
const natives = require('./natives.cjs');
const messages = require('./http-messages.cjs');
const own = require('./own.cjs');

/** @typedef {import('./http-call.cjs').HttpCall} HttpCall */
/** @type {WeakMap<import('http').ClientRequest, HttpCall>} */
const calls = new WeakMap();

/** @param {import('./recorder.cjs').Recorder} recorder */
function install(recorder) {
  const { ClientRequest, Agent } = http;
  const prototype = ClientRequest.prototype;

  frames.before(Agent.prototype, 'addRequest', guard('http request', (agent, args) => {
    if (args[0] instanceof ClientRequest) callOf(recorder, args[0]).connectTo(args[1]);
  }));
  frames.before(prototype, 'onSocket', guard('http socket', (request, args) => {
    callOf(recorder, request).onSocket(args[0]);
  }));
  frames.before(prototype, '_storeHeader', guard('http headers', (request, args) => {
    if (!request.method) return undefined; // A stand-in by which nock refuses a call; it never becomes one.
    const line = callOf(recorder, request).inject(args[0], args[1]);
    return line === args[0] ? undefined : [line, args[1]];
  }));
  const onBody = guard('http request body', (request, args) => {
    const call = calls.get(request);
    if (call) call.onWrite(args[0], args[1]);
  });
  frames.before(prototype, 'write', onBody);
  frames.before(prototype, 'end', onBody);
  frames.before(prototype, 'setTimeout', guard('http timeout', (request, [milliseconds]) => {
    callOf(recorder, request).timeoutAfter(milliseconds);
  }));
  frames.before(prototype, 'destroy', guard('http destroy', (request) => {
    const call = calls.get(request);
    if (call) call.onDestroy();
  }));
  subscribe('http.client.response.finish', guard('http response', ({ request, response }) => {
    const call = calls.get(request);
    if (call) call.onResponse(response);
  }));
  messages.install(recorder);
}

/** The call that `request` makes; begun when it is first seen, which is in the context that created it. */
function callOf(recorder, request) {
  let call = calls.get(request);
  if (!call) {
    const { HttpCall } = own.load('http-call.cjs');
    call = new HttpCall(recorder, request);
    calls.set(request, call);
    observe(call, request);
  }
  return call;
}

/** What a request's own events tell its call. @type {[string|symbol, Function][]} */
const OBSERVED = [
  [errorMonitor, (call, error) => call.onError(error)],
  ['timeout', (call) => call.onTimeout()],
  ['finish', (call) => call.onFinish()],
  ['close', (call) => call.onClose()],
];
const LISTENERS = OBSERVED.map(([event, tell]) => [event, guard(`http ${String(event)}`, function listener(detail) {
  tell(calls.get(this), detail);
})]);
const begin = guard('http start', (call) => call.begin());

function observe(call, request) {
  for (const [event, listener] of LISTENERS) request.on(event, listener);
  natives.nextTick(begin, call);
}

module.exports = { install };
