'use strict';
// Which exchange travels on which connection: how a server in this process finds the call that reached it, and whether
// the peer closed the connection in order.

const { guard } = require('./guard.cjs');
const turns = require('./turns.cjs');

/** @type {Map<string, import('./exchange.cjs').Exchange>} by the client's and the server's port */
const carried = new Map();
/** @type {WeakSet<object>} */
const watched = new WeakSet();
/** In which turn of the event loop a connection came to its end. @type {WeakMap<object, number>} */
const ended = new WeakMap();

const onEnd = guard('socket end', function onEnd() {
  ended.set(this, turns.current());
});

/** `socket`, connected, carries `exchange` now. */
function carry(socket, exchange) {
  const { localPort, remotePort } = socket;
  if (!localPort || !remotePort) return;
  const key = `${localPort}:${remotePort}`;
  carried.set(key, exchange);
  if (watched.has(socket)) return;
  watched.add(socket);
  socket.once('end', onEnd);
  socket.once('close', () => carried.delete(key));
}

/**
 * Whether the peer closed the connection (FIN) rather than reset it (RST), after the bytes that were received in `turn`.
 * Node up to 22 reports both alike when they come together with bytes, as a FIN never does: it takes a turn of its own.
 */
function closedInOrder(socket, turn) {
  return Boolean(socket) && ended.has(socket) && ended.get(socket) !== turn;
}

/** Whether `socket` has carried an exchange before. */
function hasCarried(socket) {
  return watched.has(socket);
}

/** The exchange that arrives on a server's `socket`, if its client is in this process. */
function arriving(socket) {
  return carried.get(`${socket.remotePort}:${socket.localPort}`);
}

module.exports = { carry, closedInOrder, hasCarried, arriving };
