'use strict';
// Which exchange travels on which connection: how a server in this process finds the call that reached it.

/** @type {Map<string, import('./exchange.cjs').Exchange>} by the client's and the server's port */
const carried = new Map();
/** @type {WeakSet<object>} */
const watched = new WeakSet();

/** `socket`, connected, carries `exchange` now. */
function carry(socket, exchange) {
  const { localPort, remotePort } = socket;
  if (!localPort || !remotePort) return;
  const key = `${localPort}:${remotePort}`;
  carried.set(key, exchange);
  if (watched.has(socket)) return;
  watched.add(socket);
  socket.once('close', () => carried.delete(key));
}

/** Whether `socket` has carried an exchange before. */
function hasCarried(socket) {
  return watched.has(socket);
}

/** The exchange that arrives on a server's `socket`, if its client is in this process. */
function arriving(socket) {
  return carried.get(`${socket.remotePort}:${socket.localPort}`);
}

module.exports = { carry, hasCarried, arriving };
