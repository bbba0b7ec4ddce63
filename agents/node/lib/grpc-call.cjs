'use strict';
// One call of a gRPC client on its way, told to its exchange.

const { Exchange } = require('./exchange.cjs');
const { headOf, RESPONSE } = require('./headers.cjs');
const { Messages } = require('./messages.cjs');
const { mayPropagate, traceparent } = require('./propagation.cjs');
const { nextTick, now } = require('./natives.cjs');
const { guard } = require('./guard.cjs');

/** Names of the status codes, by number. */
const STATUS = [
  'OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS',
  'PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED',
  'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED',
];
const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;
/** A code of the network that the library names in its own words. */
const NETWORK_CODE = /\b(?:ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPROTO)\b/;
/** What the library says of a connection that was there and is not any more. */
const DROPPED = /Connection dropped|Stream closed|Stream ended|session closed|GOAWAY/i;
const HTTP_OK = 200;

/** Metadata that came over the wire: what the library makes up did not. @type {WeakSet<object>} */
const received = new WeakSet();

const begin = guard('grpc begin', (call) => call.exchange.begin());

class GrpcCall {
  /** @param {import('./recorder.cjs').Recorder} recorder @param {{method: any, options: any, channel: any, call: any}} made */
  constructor(recorder, { method, options, channel, call }) {
    this.recorder = recorder;
    this.call = call;
    this.exchange = new Exchange(recorder, { client: '@grpc/grpc-js', method: 'POST' });
    const { bodyBytes } = recorder.config;
    this.exchange.requestBody = new Messages(bodyBytes, method.requestStream);
    this.exchange.responseBody = new Messages(bodyBytes, method.responseStream);
    this.head = [];
    this.cancelled = false;
    /** When the caller's patience ends, in milliseconds of its own clock. */
    this.over = NaN;
    this.target(String(method.path), channel);
    this.deadline(options && options.deadline);
  }

  target(path, channel) {
    const { exchange } = this;
    const target = String(channel.getTarget());
    const [, address = target] = /^(?:dns|ipv4|ipv6|passthrough|xds):(?:\/\/[^/]*\/)?(.*)$/.exec(target) || [];
    const [, host = address, port] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(address) || [];
    exchange.target({
      url: `${isSecure(channel) ? 'https' : 'http'}://${address}${path}`,
      host: host.replace(/^\[|\]$/g, ''),
      port: port ? Number(port) : undefined,
    });
    exchange.span.name = path.replace(/^\//, '');
    Object.assign(exchange.attributes, { 'rpc.system.name': 'grpc', 'rpc.method': exchange.span.name, 'network.protocol.version': '2' });
  }

  deadline(deadline) {
    this.over = Number(deadline);
    const left = Number(deadline) - now();
    if (Number.isFinite(left) && left > 0) this.exchange.attributes['flakescope.http.timeout_ms'] = Math.round(left);
  }

  /** The call starts with `metadata`; gives what goes over the wire: a copy with our header on it, where that may be. */
  start(metadata) {
    const { attributes, span } = this.exchange;
    this.exchange.requestHead(flatten(metadata));
    nextTick(begin, this);
    const may = mayPropagate(this.recorder.config, attributes['server.address'], attributes['server.port']);
    if (!may || metadata.get('traceparent').length > 0) return metadata;
    const sent = metadata.clone();
    sent.set('traceparent', traceparent(span));
    return sent;
  }

  onSent(bytes, value) {
    const { attributes, requestBody } = this.exchange;
    requestBody.add(bytes, value);
    if (requestBody.isStream) attributes['flakescope.rpc.request.messages'] = requestBody.count;
  }

  onReceived(bytes, value) {
    const { attributes, responseBody } = this.exchange;
    responseBody.add(bytes, value);
    if (responseBody.isStream) attributes['flakescope.rpc.response.messages'] = responseBody.count;
  }

  onCancel() {
    if (!this.exchange.done) this.cancelled = true;
  }

  onMetadata(metadata) {
    this.head = flatten(metadata);
    this.exchange.responseHead({ status: HTTP_OK, flat: this.head });
  }

  /** The call is over: `status` was sent by the server, or made up by the library when it got none. */
  onStatus({ code, details, metadata }) {
    const { exchange } = this;
    if (exchange.done) return;
    const name = STATUS[code] || String(code);
    exchange.attributes['rpc.status_code'] = name;
    this.peer();
    // The server is told of the deadline, and may be the first to notice that it is over.
    const isOver = code === DEADLINE_EXCEEDED && now() >= this.over;
    if ((received.has(metadata) && !isOver) || code === 0) this.answered({ code, name, details, metadata });
    else this.unanswered({ code, name, details });
    exchange.end({ complete: exchange.attributes['flakescope.http.aborted_by'] === undefined });
  }

  /** The server's status stands in the trailers, which are told behind the head. */
  answered({ code, name, details, metadata }) {
    const { exchange } = this;
    const { span, attributes } = exchange;
    if (!exchange.hasResponse) exchange.responseHead({ status: HTTP_OK, flat: this.head });
    const message = details && code !== 0 ? ['grpc-message', String(details)] : [];
    this.head = [...this.head, 'grpc-status', String(code), ...message, ...flatten(metadata)];
    span.responseHead = headOf(this.head).members(RESPONSE, span);
    if (code === 0) return;
    attributes['error.type'] = name;
    attributes['error.message'] = String(details);
    span.fail(String(details));
  }

  unanswered({ code, name, details }) {
    const { exchange } = this;
    const [network] = NETWORK_CODE.exec(details) || [];
    const isDropped = DROPPED.test(details);
    const type = code === DEADLINE_EXCEEDED ? 'timeout' : network || (isDropped ? 'ECONNRESET' : name);
    exchange.failed({ type, message: String(details) });
    if (code === DEADLINE_EXCEEDED || (code === CANCELLED && this.cancelled)) exchange.attributes['flakescope.http.aborted_by'] = 'client';
    else if (isDropped || exchange.hasResponse) exchange.attributes['flakescope.http.aborted_by'] = 'peer';
  }

  peer() {
    const [, remoteAddress, port] = /^\[?([\da-fA-F.:]+)\]?:(\d+)$/.exec(String(this.call.getPeer())) || [];
    if (remoteAddress) this.exchange.peer({ remoteAddress, remotePort: Number(port) });
  }
}

function isSecure(channel) {
  const { credentials } = channel.internalChannel || {};
  return Boolean(credentials && typeof credentials._isSecure === 'function' && credentials._isSecure());
}

/** Names and values in turn; binary values as base64, as on the wire. */
function flatten(metadata) {
  const flat = [];
  for (const [name, values] of Object.entries(metadata.toHttp2Headers())) {
    for (const value of [values].flat()) flat.push(name, String(value));
  }
  return flat;
}

module.exports = { GrpcCall, received };
