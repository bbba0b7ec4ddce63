'use strict';
// Recognises calls that an interceptor answered in place of the network (nock 14, msw, @mswjs/interceptors): they travel
// on a socket of its own making.

const Module = require('module');

const INTERCEPTORS = ['nock', 'msw'];
const SHARED = '@mswjs/interceptors';

/** Says on the exchange which interceptor answered, if `socket` is one's that has no real one behind it. */
function mark(exchange, socket) {
  const kind = socket && socket.constructor && socket.constructor.name;
  if (!/^Mock\w*Socket$/.test(String(kind)) || socket.originalSocket) return;
  exchange.attributes['flakescope.mocked'] = interceptor();
}

function isMocked(exchange) {
  return exchange.attributes['flakescope.mocked'] !== undefined;
}

/** The interceptor that is loaded in this process. */
function interceptor() {
  const files = Object.keys(Module._cache);
  return INTERCEPTORS.find((name) => files.some((file) => file.includes(`/node_modules/${name}/`))) || SHARED;
}

module.exports = { mark, isMocked };
