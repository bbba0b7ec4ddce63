'use strict';
// One stream of an HTTP/2 session on its way, told to its exchange.

const clock = require('./clock.cjs');
const { errorMonitor } = require('events');
const { Exchange, failureOf } = require('./exchange.cjs');
const { headOf, RESPONSE } = require('./headers.cjs');
const { mayPropagate, traceparent } = require('./propagation.cjs');
const { masked } = require('./pseudonym.cjs');
const { bufferFrom, nextTick } = require('./natives.cjs');
const { guard } = require('./guard.cjs');

const DEFAULT_PORTS = { http: 80, https: 443 };
/** Names of the codes that end a stream (RFC 9113, section 7). */
const CODES = [
  'NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT', 'STREAM_CLOSED',
  'FRAME_SIZE_ERROR', 'REFUSED_STREAM', 'CANCEL', 'COMPRESSION_ERROR', 'CONNECT_ERROR', 'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED',
];
/** Codes of failures of a connection that had been there. */
const CUT_BY_PEER = new Set(['ECONNRESET', 'EPIPE', 'ERR_HTTP2_STREAM_ERROR', 'ERR_HTTP2_SESSION_ERROR', 'ERR_HTTP2_GOAWAY_SESSION']);

const NO_ANSWER = { type: 'ECONNRESET', message: 'socket hang up' };

/** Sessions that have carried a request. @type {WeakSet<object>} */
const used = new WeakSet();

const begin = guard('http2 start', (call) => call.exchange.begin());
const finish = guard('http2 end', (call) => call.finish());

class Http2Call {
  /**
   * The call that `session.request(...args)` is about to make, unless something above tells of it; puts our header on it.
   * @param {import('./recorder.cjs').Recorder} recorder
   * @param {any} session @param {any[]} args
   */
  static begin(recorder, session, args) {
    const sent = given(args[0]);
    if (!sent || isGrpc(sent, recorder)) return undefined;
    const call = new Http2Call(recorder, session, sent[':method'] || 'GET');
    call.inject(args, sent);
    return call;
  }

  constructor(recorder, session, method) {
    this.recorder = recorder;
    this.session = session;
    this.stream = undefined;
    this.exchange = new Exchange(recorder, { client: 'node:http2', method: String(method) });
    this.exchange.attributes['network.protocol.version'] = '2';
    this.injected = undefined;
    this.cutByClient = false;
    this.timedOut = false;
    /** What its error said when it was first seen. @type {{type: string, message: string}|undefined} */
    this.failure = undefined;
    /** The head of the answer, and behind it its trailers. */
    this.head = [];
    this.endedAt = undefined;
  }

  /** Our own header on a copy of the headers: the caller's are never touched. */
  inject(args, sent) {
    const { host, port } = authorityOf(sent, this.session);
    if (sent.traceparent !== undefined || !mayPropagate(this.recorder.config, host, port)) return;
    this.injected = traceparent(this.exchange.span);
    args[0] = Array.isArray(args[0])
      ? [...args[0], 'traceparent', this.injected]
      : { __proto__: null, ...args[0], traceparent: this.injected };
  }

  /** The stream that came of the request; none where the request was refused as invalid, which is no call. */
  onStream(stream) {
    const { exchange, session } = this;
    if (!stream) {
      exchange.done = true;
      exchange.leave();
      return;
    }
    this.stream = stream;
    this.requestHead(stream.sentHeaders || {});
    this.connection(session);
    for (const [event, listener] of LISTENERS) stream.on(event, listener(this));
    nextTick(begin, this);
  }

  requestHead(sent) {
    const { exchange } = this;
    const { scheme, host, port, authority } = authorityOf(sent, this.session);
    exchange.attributes['http.request.method'] = String(sent[':method'] || exchange.attributes['http.request.method']);
    exchange.span.name = exchange.attributes['http.request.method'];
    exchange.target({ url: `${scheme}://${authority}${sent[':path'] || ''}`, host, port });
    exchange.requestHead(flatten(sent, this.injected));
  }

  connection(session) {
    const { exchange } = this;
    const isUsed = used.has(session);
    used.add(session);
    const connected = guard('http2 connected', () => exchange.connected(session.socket, isUsed));
    if (session.connecting) session.once('connect', connected);
    else if (!session.destroyed) connected();
  }

  timeoutAfter(milliseconds) {
    if (Number.isFinite(milliseconds) && milliseconds > 0) {
      this.exchange.attributes['flakescope.http.timeout_ms'] = Math.trunc(milliseconds);
    }
  }

  onWrite(chunk, encoding) {
    if (typeof chunk === 'string') this.exchange.requestBody.add(bufferFrom(chunk, typeof encoding === 'string' ? encoding : 'utf8'));
    else if (chunk instanceof Uint8Array) this.exchange.requestBody.add(chunk);
  }

  onResponse(headers, raw) {
    for (let index = 0; index + 1 < raw.length; index += 2) {
      if (!raw[index].startsWith(':')) this.head.push(raw[index], raw[index + 1]);
    }
    this.exchange.responseHead({ status: Number(headers[':status']), flat: this.head });
  }

  /** Trailers stand behind the head: what a protocol says at the end of an answer (gRPC its status) is part of it. */
  onTrailers(trailers) {
    const { span } = this.exchange;
    this.head.push(...flatten(trailers));
    span.responseHead = headOf(this.head).members(RESPONSE, span);
  }

  onData(bytes) {
    this.exchange.responseBody.add(bytes);
  }

  /** The peer has nothing more to send. Head and trailers may still be on their way to their listeners. */
  onEnd() {
    this.endedAt ??= clock.mono();
    nextTick(finish, this);
  }

  finish() {
    if (this.exchange.hasResponse && !this.stream.aborted && !this.stream.rstCode) this.exchange.end({ complete: true, at: this.endedAt });
  }

  /** The stream is closed: by the client, or by Node, which does so when the connection is gone. */
  onCut() {
    if (this.exchange.done || this.endedAt !== undefined) return;
    const { socket } = this.session;
    if (socket && socket.destroyed) this.failure ||= NO_ANSWER;
    else this.cutByClient = true;
  }

  /** Node destroys the streams of a broken session, with what broke it, and those that are over. The rest is the client's doing. */
  onDestroy(error) {
    const { stream, session } = this;
    if (!stream || stream.closed || stream.destroyed) return;
    const cause = causeOf(error);
    if (!session.destroyed || !cause) this.onCut();
    if (cause) this.failure = failureOf(cause);
  }

  onError(error) {
    const cause = causeOf(error);
    if (cause) this.failure ||= failureOf(cause);
  }

  onClose() {
    const { exchange, stream } = this;
    if (exchange.done) return;
    this.finish();
    if (exchange.done) return;
    this.cut(stream.rstCode);
    exchange.end({ complete: false });
  }

  cut(code) {
    const { attributes } = this.exchange;
    const failure = this.failure || {
      type: 'ERR_HTTP2_STREAM_ERROR', message: `Stream closed with error code NGHTTP2_${CODES[code] || code}`,
    };
    this.exchange.failed(this.cutByClient && this.timedOut ? { ...failure, type: 'timeout' } : failure);
    if (this.cutByClient) attributes['flakescope.http.aborted_by'] = 'client';
    else if (CUT_BY_PEER.has(failure.type)) attributes['flakescope.http.aborted_by'] = 'peer';
  }
}

/** What a stream's own events tell its call. @type {[string|symbol, (call: Http2Call) => Function][]} */
const LISTENERS = [
  ['response', (call) => guard('http2 response', (headers, flags, raw) => call.onResponse(headers, raw))],
  ['trailers', (call) => guard('http2 trailers', (trailers) => call.onTrailers(trailers))],
  ['timeout', (call) => guard('http2 timeout', () => { call.timedOut = true; })],
  ['finish', (call) => guard('http2 sent', () => { if (!call.session.connecting) call.exchange.requestSent(); })],
  [errorMonitor, (call) => guard('http2 error', (error) => call.onError(error))],
  ['close', (call) => guard('http2 close', () => call.onClose())],
];

/** The headers that a caller hands over, by name; none where they are of no form that is sent. */
function given(headers) {
  if (headers === undefined) return {};
  if (!Array.isArray(headers)) return headers !== null && typeof headers === 'object' ? headers : undefined;
  const named = { __proto__: null };
  for (let index = 0; index + 1 < headers.length; index += 2) named[String(headers[index]).toLowerCase()] = headers[index + 1];
  return named;
}

/** Calls of gRPC are told where they are made, with their messages. */
function isGrpc(headers, recorder) {
  return recorder.tellsGrpc === true && String(headers['user-agent'] || '').includes('grpc-node-js/');
}

/** Where a request goes: what its headers say, else whom its session was opened to. */
function authorityOf(sent, session) {
  const scheme = String(sent[':scheme'] || own(session, 'protocol') || 'http').replace(/:$/, '');
  const authority = withoutDefault(String(sent[':authority'] || sent.host || own(session, 'authority') || ''), scheme);
  const [, host = authority, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(authority) || [];
  return { scheme, authority, host: host.replace(/^\[|\]$/g, ''), port: port ? Number(port) : DEFAULT_PORTS[scheme] };
}

/** What Node keeps of a session under a symbol of this name. */
function own(session, name) {
  const symbol = Object.getOwnPropertySymbols(session).find(({ description }) => description === name);
  return symbol && session[symbol];
}

function withoutDefault(authority, scheme) {
  const suffix = `:${DEFAULT_PORTS[scheme]}`;
  return authority.endsWith(suffix) ? authority.slice(0, -suffix.length) : authority;
}

/** Names and values in turn, without what HTTP/2 keeps in pseudo headers; what the caller calls sensitive is masked. */
function flatten(headers, ours) {
  const [sensitive = []] = Object.getOwnPropertySymbols(headers).map((symbol) => headers[symbol]).filter(Array.isArray);
  const flat = [];
  for (const name of Object.keys(headers)) {
    if (name.startsWith(':') || (name === 'traceparent' && headers[name] === ours)) continue;
    for (const value of [headers[name]].flat()) flat.push(name, sensitive.includes(name) ? masked(String(value)) : String(value));
  }
  return flat;
}

/** What broke the session, where an error says that its streams are cancelled for that; nothing for a session just ended. */
function causeOf(error) {
  return error && error.code === 'ERR_HTTP2_STREAM_CANCEL' ? error.cause : error;
}

module.exports = { Http2Call };
