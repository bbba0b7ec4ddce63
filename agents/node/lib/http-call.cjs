'use strict';
// One request object of node:http or node:https on its way, told to its exchange.

const clock = require('./clock.cjs');
const { Exchange, failureOf, EARLY_END } = require('./exchange.cjs');
const { parseHead } = require('./headers.cjs');
const { mayPropagate, traceparent } = require('./propagation.cjs');
const { bufferFrom, nextTick } = require('./natives.cjs');
const { guard } = require('./guard.cjs');
const messages = require('./http-messages.cjs');
const mocks = require('./mocks.cjs');
const sockets = require('./sockets.cjs');
const websocket = require('./websocket.cjs');

const DEFAULT_PORTS = { 'http:': 80, 'https:': 443 };

/** What Node tells the reader of an answer that was cut; of an early end, too, though the socket knows better. */
const CUT_ANSWER = { type: 'ECONNRESET', message: 'aborted' };
const NO_ANSWER = { type: 'ECONNRESET', message: 'socket hang up' };

const closeRefused = guard('http close', (call) => call.onClose());

class HttpCall {
  /** @param {import('./recorder.cjs').Recorder} recorder @param {import('http').ClientRequest} request */
  constructor(recorder, request) {
    this.recorder = recorder;
    this.request = request;
    this.exchange = new Exchange(recorder, { client: 'node:http', method: request.method });
    this.port = undefined;
    this.targeted = false;
    this.path = undefined;
    this.portThen = undefined;
    this.headKnown = false;
    this.injected = false;
    this.destroyedByClient = false;
    this.timedOut = false;
    /** What the request's own error said when it was first seen. @type {{type: string, message: string}|undefined} */
    this.failure = undefined;
    this.errorAt = undefined;
    this.isConnected = false;
    if (typeof request.timeout === 'number' && request.timeout > 0) this.timeoutAfter(request.timeout);
  }

  /** The options that the agent gets: the port is nowhere else. */
  connectTo(options) {
    if (!options || typeof options !== 'object') return;
    const port = Number(options.port);
    if (port) this.port = port;
  }

  timeoutAfter(milliseconds) {
    if (Number.isFinite(milliseconds) && milliseconds > 0) {
      this.exchange.attributes['flakescope.http.timeout_ms'] = Math.trunc(milliseconds);
    }
  }

  /** The first line of the head, with our own header behind it when the call may carry one. */
  inject(firstLine, headers) {
    this.target();
    const { attributes } = this.exchange;
    const { config } = this.recorder;
    if (this.request.socketPath || hasTraceparent(this.request, headers)) return firstLine;
    if (!mayPropagate(config, attributes['server.address'], attributes['server.port'])) return firstLine;
    this.injected = true;
    return `${firstLine}traceparent: ${traceparent(this.exchange.span)}\r\n`;
  }

  target() {
    const { request, exchange } = this;
    if (this.targeted && request.path === this.path && this.port === this.portThen) return;
    this.targeted = true;
    this.path = request.path;
    this.portThen = this.port;
    const fallback = DEFAULT_PORTS[request.protocol];
    const host = request.host || '';
    const port = this.port || portOf(request) || fallback;
    const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
    const origin = `${request.protocol}//${name}${port === fallback ? '' : `:${port}`}`;
    const absolute = /^[a-z][a-z0-9+.-]*:\/\//i.test(request.path) || request.method === 'CONNECT';
    exchange.target({
      url: absolute ? request.path : origin + request.path,
      host: request.socketPath || host,
      port: request.socketPath ? undefined : port,
    });
  }

  /** The request's head as it is on the wire, once it has been rendered. */
  head() {
    const head = this.request._header;
    if (this.headKnown || typeof head !== 'string') return;
    this.headKnown = true;
    this.target();
    const flat = parseHead(head);
    if (this.injected && flat[0] === 'traceparent') flat.splice(0, 2);
    this.exchange.requestHead(flat);
  }

  /** Writes the record of the start: in the tick in which the request was made. */
  begin() {
    if (this.exchange.done) return;
    if (!this.exchange.attributes['url.full']) this.target();
    this.head();
    this.exchange.begin();
  }

  onWrite(chunk, encoding) {
    if (chunk === null || chunk === undefined || typeof chunk === 'function') return;
    if (typeof chunk === 'string') {
      this.exchange.requestBody.add(bufferFrom(chunk, typeof encoding === 'string' ? encoding : 'utf8'));
    } else if (chunk instanceof Uint8Array) {
      this.exchange.requestBody.add(chunk);
    }
  }

  onSocket(socket) {
    if (!socket) return;
    const { exchange, request } = this;
    const secure = request.protocol === 'https:';
    const connected = guard('http connected', (reused) => {
      this.isConnected = true;
      exchange.connected(socket, reused);
      sockets.carry(socket, exchange);
    });
    // A request that has waited for a socket of its pool is given one without being told that it was used before.
    if (request.reusedSocket || sockets.hasCarried(socket)) connected(true);
    else if (!(socket.connecting || socket.secureConnecting)) connected(false);
    else socket.once(secure ? 'secureConnect' : 'connect', () => connected(false));
  }

  onResponse(response) {
    this.head();
    this.respond(response);
    messages.follow(response, this);
  }

  respond(response) {
    mocks.mark(this.exchange, response.socket);
    this.exchange.peer(response.socket);
    this.exchange.responseHead({
      status: response.statusCode, version: response.httpVersion, flat: response.rawHeaders,
    });
  }

  /** The request was handed to the connection; of one that never came to be, nothing was sent. */
  onFinish() {
    if (this.isConnected) this.exchange.requestSent();
  }

  onData(bytes) {
    this.exchange.received(bytes);
  }

  /** The response came to its end, or was cut. */
  onEnd(response) {
    if (response.complete) this.exchange.end({ complete: true });
  }

  onTimeout() {
    this.timedOut = true;
  }

  /** Libraries also destroy a request that has failed already; then it was not they who cut it. */
  onDestroy() {
    if (!this.exchange.done && !this.failure) this.destroyedByClient = true;
  }

  onError(error) {
    if (this.failure) return;
    this.failure = failureOf(error);
    this.errorAt = clock.mono();
    // An agent that refuses a request without giving it a socket leaves nothing that could close.
    if (!this.request.socket) nextTick(closeRefused, this);
  }

  /** The last event of a request. Whatever is not complete by now has been cut by one side. */
  onClose() {
    const { exchange, request } = this;
    if (exchange.done) return;
    this.head();
    mocks.mark(exchange, request.socket);
    const response = request.res;
    if (response && !exchange.hasResponse) this.respond(response);
    const upgraded = request.upgradeOrConnect && response;
    const complete = Boolean(upgraded || (response && response.complete));
    if (!complete) this.cut(request.socket);
    exchange.end({ complete, at: this.errorAt });
    if (upgraded && websocket.opens(response.statusCode, response.rawHeaders)) websocket.follow(this.recorder, exchange, request.socket);
  }

  cut(socket) {
    const { exchange } = this;
    const byClient = this.destroyedByClient || cutHere(socket);
    const leaves = !this.failure && !this.timedOut && !mocks.isMocked(exchange);
    if (byClient && exchange.hasResponse && (leaves || isRedirect(this.request.res))) {
      // Who has the head of an answer may have no use for the rest of it; nothing failed.
      exchange.attributes['flakescope.http.aborted_by'] = 'client';
      return;
    }
    const failure = this.failureOfCut(socket, byClient);
    exchange.failed(byClient && this.timedOut ? { ...failure, type: 'timeout' } : failure);
    if (mocks.isMocked(exchange)) return;
    if (byClient) exchange.attributes['flakescope.http.aborted_by'] = 'client';
    else if (isCutByPeer(failure, socket)) exchange.attributes['flakescope.http.aborted_by'] = 'peer';
  }

  failureOfCut(socket, byClient) {
    if (byClient || !this.exchange.hasResponse) return this.failure || NO_ANSWER;
    return sockets.closedInOrder(socket, this.exchange.receivedIn) ? EARLY_END : CUT_ANSWER;
  }
}

function isRedirect(response) {
  return Boolean(response && response.statusCode >= 300 && response.statusCode < 400 && response.headers.location);
}

function hasTraceparent(request, headers) {
  if (request.getHeader && request.getHeader('traceparent') !== undefined) return true;
  if (!Array.isArray(headers)) return false;
  return headers.some((entry) => String(Array.isArray(entry) ? entry[0] : entry).toLowerCase() === 'traceparent');
}

/** The port of a request that no agent handles, from its `host` header. */
function portOf(request) {
  const host = request.getHeader && request.getHeader('host');
  const match = typeof host === 'string' && /:(\d+)$/.exec(host);
  return match ? Number(match[1]) : undefined;
}

/** Whether this side closed the socket: it is destroyed, and nothing had come from the peer that would explain it. */
function cutHere(socket) {
  return Boolean(socket && socket.destroyed && !socket.errored
    && !(socket._readableState && socket._readableState.ended));
}

/** A connection that existed and was cut; one that never came to be was not. */
function isCutByPeer({ type }, socket) {
  return type === 'ECONNRESET' || type === 'EPIPE' || type === EARLY_END.type || Boolean(socket && socket.remoteAddress);
}

module.exports = { HttpCall };
