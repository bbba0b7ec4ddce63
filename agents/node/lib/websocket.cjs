'use strict';
// What happens on a WebSocket once it is open: counted, its first messages noted, and how it was closed. Read from the
// bytes of its connection, so that it does not matter which library speaks. Told by further lines of the exchange that
// opened it.

const clock = require('./clock.cjs');
const frames = require('./frames.cjs');
const { Frames } = require('./websocket-frames.cjs');
const { bufferFrom } = require('./natives.cjs');
const { guard } = require('./guard.cjs');

/** So many messages of one connection are noted. */
const NOTED = 20;
/** What a connection that was cut is said to be closed with. */
const ABNORMAL = 1006;

/** Connections that are open. @type {Set<WebSocketCall>} */
const open = new Set();

class WebSocketCall {
  /** @param {import('./exchange.cjs').Exchange} exchange that opened it */
  constructor(exchange) {
    this.exchange = exchange;
    this.noted = 0;
    this.isUntold = true;
    this.closed = undefined;
    const of = (direction, by) => new Frames({
      message: (message) => this.onMessage(direction, message),
      close: (code, reason) => this.onClose(by, code, reason),
    });
    this.sent = of('sent', 'client');
    this.received = of('received', 'peer');
    exchange.attributes['flakescope.websocket.sent'] = 0;
    exchange.attributes['flakescope.websocket.received'] = 0;
    open.add(this);
    exchange.span.trace.open.add(this);
  }

  onMessage(direction, { size, text }) {
    const { span, attributes } = this.exchange;
    attributes[`flakescope.websocket.${direction}`] += 1;
    this.isUntold = true;
    if (this.noted === NOTED) return;
    this.noted += 1;
    const noted = { 'flakescope.websocket.direction': direction, 'flakescope.websocket.message.size': size };
    if (text !== undefined) noted['flakescope.websocket.message.content'] = text;
    span.addEvent('message', noted);
  }

  onClose(by, code, reason) {
    if (this.closed) return;
    this.closed = by;
    this.isUntold = true;
    const { span, attributes } = this.exchange;
    attributes['flakescope.websocket.close.code'] = code;
    attributes['flakescope.websocket.close.by'] = by;
    attributes['flakescope.websocket.close.offset_ns'] = span.offset(clock.mono());
    if (reason) attributes['flakescope.websocket.close.reason'] = reason;
  }

  /** Its connection is gone. */
  onGone(socket) {
    const isByPeer = socket.errored || (socket._readableState && socket._readableState.ended);
    this.onClose(isByPeer ? 'peer' : 'client', ABNORMAL, '');
    open.delete(this);
    this.exchange.span.trace.open.delete(this);
    this.tell();
  }

  /** What is known by now, unless that is written already. */
  tell() {
    if (!this.isUntold) return;
    this.isUntold = false;
    this.exchange.span.write();
  }
}

/** From now on tells on `exchange`, which is over, what passes on the connection that it opened. */
function follow(recorder, exchange, socket) {
  if (!socket || socket.destroyed) return;
  const call = new WebSocketCall(exchange);
  recorder.atExit.add(flush);
  for (const chunk of waiting(socket)) call.received.feed(chunk);
  frames.before(socket, 'push', guard('websocket received', (_, [chunk]) => {
    if (chunk) call.received.feed(chunk);
  }));
  const onWrite = guard('websocket sent', (_, [chunk, encoding]) => {
    if (chunk && typeof chunk !== 'function') call.sent.feed(typeof chunk === 'string' ? bufferFrom(chunk, encoding) : chunk);
  });
  frames.before(socket, 'write', onWrite);
  frames.before(socket, 'end', onWrite);
  socket.once('close', guard('websocket close', () => call.onGone(socket)));
}

/** What arrived together with the answer and waits to be read. Consumed places of the buffer are empty. */
function waiting(socket) {
  const { buffer } = socket._readableState || {};
  return buffer ? [...buffer].filter((chunk) => chunk instanceof Uint8Array) : [];
}

/** Whether an answer with these headers opened a WebSocket. @param {number} status @param {string[]} flat */
function opens(status, flat) {
  return status === 101 && flat.some((name, index) => index % 2 === 0 && /^upgrade$/i.test(name) && /^websocket$/i.test(flat[index + 1]));
}

function flush() {
  for (const call of open) call.tell();
}

module.exports = { follow, opens };
