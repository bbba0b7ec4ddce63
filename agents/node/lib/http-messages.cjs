'use strict';
// Sees the bytes of incoming messages as Node's parser hands them over: responses on their way to a client, and the
// requests of a server. The messages themselves stay as they are; whether and how they are read makes no difference.

const http = require('http');
const context = require('./context.cjs');
const { guard } = require('./guard.cjs');
const frames = require('./frames.cjs');

/** @type {WeakMap<import('http').IncomingMessage, import('./http-call.cjs').HttpCall>} */
const responses = new WeakMap();
/** @type {WeakMap<import('http').IncomingMessage, import('./context.cjs').Context>} */
const requests = new WeakMap();

function install() {
  const onBytes = guard('http response body', (call, message, bytes) => {
    if (bytes === null) call.onEnd(message);
    else call.onData(bytes);
  });
  const enter = guard('http server context', context.enter);
  frames.before(http.IncomingMessage.prototype, 'push', (message, args) => {
    const call = responses.get(message);
    if (call) {
      onBytes(call, message, args[0]);
      return;
    }
    const place = requests.get(message);
    if (place) enter(place);
  });
}

/** From now on tells `call` what arrives of `response`. */
function follow(response, call) {
  responses.set(response, call);
}

/** From now on what arrives of a server's `request` is handled in the context `place`. */
function place(request, place) {
  requests.set(request, place);
}

module.exports = { install, follow, place };
