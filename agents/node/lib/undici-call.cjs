'use strict';
// One request of undici or of global fetch on its way, told to its exchange.

const clock = require('./clock.cjs');
const { Exchange, failureOf, EARLY_END } = require('./exchange.cjs');
const frames = require('./frames.cjs');
const { guard } = require('./guard.cjs');
const { parseHead } = require('./headers.cjs');
const { bufferFrom } = require('./natives.cjs');
const { mayPropagate, traceparent } = require('./propagation.cjs');
const sockets = require('./sockets.cjs');
const websocket = require('./websocket.cjs');

const DEFAULT_PORTS = { http: 80, https: 443 };
/** Codes of failures that are this side's own decision. */
const CLIENT_CODES = /^UND_ERR_(?:ABORTED|DESTROYED|CLOSED|HEADERS_TIMEOUT|BODY_TIMEOUT|RESPONSE_EXCEEDED_MAX_SIZE)$/;
const CLIENT_NAMES = new Set(['AbortError', 'TimeoutError', 'ResponseAborted']);
/** What it says of an answer whose body was cancelled; by a caller's signal, what the signal says. */
const CANCELLED = 'The operation was aborted.';
/** What it says of a connection that the peer closed. */
const CLOSED = 'other side closed';
const PEER_CODES = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** When each connection was established. @type {WeakMap<object, bigint>} */
const established = new WeakMap();
/** Connections that have carried a request. @type {WeakSet<object>} */
const used = new WeakSet();
/** Whether requests of a class announce the chunks of their bodies; undici does so from 7.12 on. */
const announcing = new WeakMap();

/** A connection was established. */
function connected(socket) {
  if (socket && typeof socket === 'object') established.set(socket, clock.mono());
}

class UndiciCall {
  /** @param {import('./recorder.cjs').Recorder} recorder @param {any} request undici's own request object */
  constructor(recorder, request) {
    this.recorder = recorder;
    this.request = request;
    this.headers = flatHeaders(request.headers);
    const client = this.has('sec-fetch-mode') ? 'fetch' : 'undici';
    this.exchange = new Exchange(recorder, { client, method: String(request.method) });
    this.headKnown = false;
    this.socket = undefined;
    this.target();
    const { headersTimeout } = request;
    if (headersTimeout > 0) this.exchange.attributes['flakescope.http.timeout_ms'] = Math.trunc(headersTimeout);
    this.inject();
    if (!announcesChunks(request)) this.watchChunks();
    if (request.upgrade) this.watchUpgrade();
  }

  has(name) {
    return this.headers.some((entry, index) => index % 2 === 0 && entry.toLowerCase() === name);
  }

  target() {
    const { request, exchange } = this;
    const path = String(request.path);
    const origin = String(request.origin || '').replace(/\/$/, '');
    const match = /^(https?):\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/?#]+)(?::(\d+))?/i.exec(origin) || [];
    const [, scheme = 'http', host = '', port] = match;
    exchange.target({
      url: /^https?:\/\//i.test(path) ? path : origin + path,
      host: host.replace(/^\[|\]$/g, ''),
      port: port ? Number(port) : DEFAULT_PORTS[scheme.toLowerCase()],
    });
  }

  inject() {
    const { attributes, span } = this.exchange;
    if (typeof this.request.addHeader !== 'function' || this.has('traceparent')) return;
    if (!mayPropagate(this.recorder.config, attributes['server.address'], attributes['server.port'])) return;
    this.injected = traceparent(span);
    this.request.addHeader('traceparent', this.injected);
  }

  /** Versions that do not announce chunks hand them to these two methods of the request. */
  watchChunks() {
    const { request } = this;
    const received = guard('undici response chunk', (_, [chunk]) => this.onChunkReceived({ chunk }));
    const sent = guard('undici request chunk', (_, [chunk]) => this.onChunkSent({ chunk }));
    if (typeof request.onData === 'function') frames.before(request, 'onData', received);
    if (typeof request.onBodySent === 'function') frames.before(request, 'onBodySent', sent);
  }

  /** Not all versions announce an answer that opens another protocol. */
  watchUpgrade() {
    const upgraded = guard('undici upgrade', (_, [statusCode, headers, socket]) => this.onUpgrade({ statusCode, headers }, socket));
    for (const name of ['onUpgrade', 'onRequestUpgrade']) frames.before(this.request, name, upgraded);
  }

  onUpgrade(response, socket) {
    if (!response.statusCode) return; // By HTTP/2, where a stream takes the place of a connection.
    this.onHeaders({ response });
    this.onComplete();
    if (websocket.opens(response.statusCode, flatHeaders(response.headers))) websocket.follow(this.recorder, this.exchange, socket);
  }

  begin() {
    if (this.exchange.done) return;
    if (!this.headKnown) this.head(this.headers);
    this.exchange.begin();
  }

  head(flat) {
    const own = [];
    for (let index = 0; index + 1 < flat.length; index += 2) {
      const ours = flat[index].toLowerCase() === 'traceparent' && flat[index + 1] === this.injected;
      if (!ours) own.push(flat[index], flat[index + 1]);
    }
    this.exchange.requestHead(own);
  }

  onSendHeaders({ headers, socket }) {
    this.headKnown = true;
    this.head(parseHead(headers));
    if (!socket) return;
    this.socket = socket;
    const { exchange } = this;
    exchange.connected(socket, used.has(socket), established.get(socket));
    exchange.attributes['network.protocol.version'] = socket.alpnProtocol === 'h2' ? '2' : '1.1';
    used.add(socket);
    sockets.carry(socket, exchange);
  }

  onChunkSent({ chunk }) {
    this.exchange.requestBody.add(typeof chunk === 'string' ? bufferFrom(chunk) : chunk);
  }

  onSent() {
    this.exchange.requestSent();
  }

  onHeaders({ response }) {
    if (this.exchange.hasResponse) return;
    this.exchange.responseHead({
      status: response.statusCode,
      flat: flatHeaders(response.headers),
    });
  }

  onChunkReceived({ chunk }) {
    this.exchange.received(chunk);
  }

  onComplete() {
    this.exchange.end({ complete: true });
  }

  onError({ error }) {
    const { exchange } = this;
    if (exchange.done) return;
    const name = error && error.name;
    const code = error && error.code;
    // Who has the head of an answer may have no use for the rest of it; nothing failed.
    const leaves = exchange.hasResponse && name === 'AbortError' && error.message === CANCELLED;
    if (!leaves) exchange.failed(this.failureOf(error));
    if (CLIENT_NAMES.has(name) || CLIENT_CODES.test(String(code))) {
      exchange.attributes['flakescope.http.aborted_by'] = 'client';
    } else if (PEER_CODES.has(code)) {
      exchange.attributes['flakescope.http.aborted_by'] = 'peer';
    }
    exchange.end({ complete: false });
  }

  /** Of a connection that was closed in order undici says the same, before an answer and in the middle of one. */
  failureOf(error) {
    const { exchange, socket } = this;
    const isCut = exchange.hasResponse && error && error.code === 'UND_ERR_SOCKET' && error.message === CLOSED;
    return isCut && sockets.closedInOrder(socket, exchange.receivedIn) ? EARLY_END : failureOf(error);
  }
}

/** Names and values in turn, from a flat list of texts or bytes, an object (HTTP/2), or a head as text (undici 5). */
function flatHeaders(headers) {
  if (typeof headers === 'string') return parseHead(`\r\n${headers}`);
  if (!headers || typeof headers !== 'object') return [];
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers).flat();
  const flat = [];
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    for (const value of Array.isArray(pairs[index + 1]) ? pairs[index + 1] : [pairs[index + 1]]) {
      flat.push(text(pairs[index]), text(value));
    }
  }
  return flat;
}

function text(value) {
  return typeof value === 'string' ? value : Buffer.isBuffer(value) ? value.toString('latin1') : String(value);
}

function announcesChunks(request) {
  const kind = Object.getPrototypeOf(request);
  if (!announcing.has(kind)) {
    const source = String(kind.onData || kind.onResponseData || '');
    announcing.set(kind, source.includes('bodyChunkReceived') || !kind.onData);
  }
  return announcing.get(kind);
}

module.exports = { UndiciCall, connected };
