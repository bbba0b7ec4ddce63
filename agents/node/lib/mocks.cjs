'use strict';
// Recognises calls that an interceptor answered in place of the network (nock 14, msw, @mswjs/interceptors): they travel
// on a socket of its own making.

const Module = require('module');

const INTERCEPTORS = ['nock', 'msw'];
const SHARED = '@mswjs/interceptors';

/** Classes of sockets, and whether they are an interceptor's. @type {WeakMap<Function, boolean>} */
const standIns = new WeakMap();

function isStandIn(socket) {
  const kind = socket && socket.constructor;
  if (typeof kind !== 'function') return false;
  let known = standIns.get(kind);
  if (known === undefined) {
    known = /^Mock\w*Socket$/.test(String(kind.name));
    standIns.set(kind, known);
  }
  return known;
}

/** Says on the exchange which interceptor answered, if `socket` is one's that has no real one behind it. */
function mark(exchange, socket) {
  if (!isStandIn(socket) || socket.originalSocket) return;
  exchange.attributes['flakescope.mocked'] = interceptor();
}

function isMocked(exchange) {
  return exchange.attributes['flakescope.mocked'] !== undefined;
}

/** Interceptors that a runner has loaded by itself, past Node's own cache. @type {Set<string>} */
const loadedElsewhere = new Set();

/** Tells of a file that a runner has loaded by itself. */
function noteLoaded(file) {
  const name = INTERCEPTORS.find((candidate) => file.includes(`/node_modules/${candidate}/`));
  if (name) loadedElsewhere.add(name);
}

/** The interceptor that is loaded in this process. */
function interceptor() {
  const files = Object.keys(Module._cache);
  const isLoaded = (name) => loadedElsewhere.has(name) || files.some((file) => file.includes(`/node_modules/${name}/`));
  return INTERCEPTORS.find(isLoaded) || SHARED;
}

module.exports = { mark, isMocked, interceptor, noteLoaded };
