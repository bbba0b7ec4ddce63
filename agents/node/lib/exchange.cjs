'use strict';
// One outgoing call, whichever client makes it: the clients' hooks tell what happens, this turns it into the records
// of one CLIENT span.

const aws = require('./aws.cjs');
const clock = require('./clock.cjs');
const context = require('./context.cjs');
const { headOf, REQUEST, RESPONSE } = require('./headers.cjs');
const { facts } = require('./credentials.cjs');
const { typeOf, messageOf } = require('./exception.cjs');
const { Body } = require('./body.cjs');
const { guard } = require('./guard.cjs');
const { nextTick } = require('./natives.cjs');
const turns = require('./turns.cjs');
const { Span, KIND_CLIENT } = require('./span.cjs');

const FIRST_ERROR_STATUS = 400;
/** The peer closed the connection in order, but in the middle of its answer. */
const EARLY_END = { type: 'premature-end', message: 'the connection was closed before the end of the answer' };
/** Shorter exchanges do not say how busy this process was. */
const LONG_MS = 20;

/** Exchanges under way, followed to the end of their test or process. @type {Set<Exchange>} */
const open = new Set();
/** More than these are followed only until their first record is written. */
const OPEN = 1000;

/** An answer that does not come in one piece may never come to its end: its head is recorded at once. */
const writeUnlessDone = guard('exchange', (exchange) => {
  if (!exchange.done) exchange.write();
});

/** Names of what is told about the body of each side. */
const BODY = Object.fromEntries(['request', 'response'].map((side) => [side, {
  size: `http.${side}.body.size`,
  content: `http.${side}.body.content`,
  hash: `flakescope.http.${side}.body.hash`,
  truncated: `flakescope.http.${side}.body.truncated`,
}]));

class Exchange {
  /**
   * @param {import('./recorder.cjs').Recorder} recorder
   * @param {{client: string, method: string}} call
   */
  constructor(recorder, { client, method }) {
    const { trace, parent, attribution } = context.place();
    const attributes = { 'http.request.method': method, 'flakescope.client': client, 'flakescope.attribution': attribution };
    if (trace.isTest) attributes['flakescope.phase'] = trace.phase;
    this.recorder = recorder;
    this.span = new Span(recorder, { trace, parent, name: method, kind: KIND_CLIENT, attributes });
    this.idleAtStart = clock.idle();
    this.requestBody = new Body(recorder.config.bodyBytes);
    this.responseBody = new Body(recorder.config.bodyBytes);
    this.requestCoded = false;
    this.responseCoded = false;
    this.hasResponse = false;
    /** The turn of the event loop in which bytes of the answer came last. */
    this.receivedIn = undefined;
    this.done = false;
    /** Bytes of the request's body that the last record carried. */
    this.writtenBody = 0;
    this.budgeted = { request: 0, response: 0 };
    this.overBudget = false;
    /** Whether the first record is written, and how much of the way to the answer the last one told. */
    this.begun = false;
    this.told = 0;
    open.add(this);
    trace.open.add(this);
  }

  get attributes() {
    return this.span.attributes;
  }

  /** @param {{url: string, host: string, port: number|undefined}} target */
  target({ url, host, port }) {
    this.attributes['url.full'] = url;
    this.attributes['server.address'] = host;
    if (port) this.attributes['server.port'] = port;
  }

  /** The request's head is known. @param {string[]} flat names and values as on the wire */
  requestHead(flat) {
    const head = headOf(flat);
    this.requestCoded = head.isCoded;
    this.span.requestHead = head.members(REQUEST, this.span);
    if (head.hasCredential) Object.assign(this.attributes, facts(head.grouped()));
    if (head.retryGroup) this.attributes['flakescope.retry.group'] = head.retryGroup;
    if (head.isAwsSdk || head.amzTarget) this.aws(head);
  }

  aws(head) {
    const operation = aws.operation(head);
    if (operation) Object.assign(this.attributes, { 'rpc.system.name': 'aws-api', 'rpc.method': operation });
  }

  /** The connection is there. @param {bigint} [at] when it was established, which is now if left out */
  connected(socket, reused, at) {
    this.attributes['flakescope.http.connection_reused'] = reused;
    if (!reused) this.attributes['flakescope.http.connect_offset_ns'] = Math.max(0, this.span.offset(at));
    this.peer(socket);
  }

  peer(socket) {
    if (!socket || this.attributes['network.peer.address']) return;
    const { remoteAddress, remotePort } = socket;
    if (remoteAddress) this.attributes['network.peer.address'] = remoteAddress;
    if (remotePort) this.attributes['network.peer.port'] = remotePort;
  }

  /** The request is wholly sent. What of its body went out after the first record is worth another one. */
  requestSent() {
    this.attributes['flakescope.http.request_offset_ns'] ??= this.span.offset();
    if (this.requestBody.size > this.writtenBody && this.begun && !this.done) this.write();
  }

  /** The answer's head arrived. @param {{status: number, version?: string, flat: string[]}} head */
  responseHead({ status, version, flat }) {
    this.hasResponse = true;
    this.receivedIn = turns.current();
    const head = headOf(flat);
    this.responseCoded = head.isCoded;
    this.attributes['flakescope.http.first_byte_offset_ns'] = this.span.offset();
    this.attributes['http.response.status_code'] = status;
    if (version) this.attributes['network.protocol.version'] = version;
    this.span.responseHead = head.members(RESPONSE, this.span);
    if (status >= FIRST_ERROR_STATUS) {
      this.attributes['error.type'] = String(status);
      this.span.fail();
    }
    nextTick(writeUnlessDone, this);
  }

  /** Bytes of the answer's body. @param {Uint8Array} bytes */
  received(bytes) {
    this.receivedIn = turns.current();
    this.responseBody.add(bytes);
  }

  /** The call failed. @param {{type: string, message: string}} failure */
  failed({ type, message }) {
    this.attributes['error.type'] = type;
    this.attributes['error.message'] = message;
    this.span.fail(message);
  }

  /** Writes the first record, with what is known by now. */
  begin() {
    if (!this.begun && !this.done) this.write();
  }

  /** Its test or process ends and the answer may never come: what is known by now, unless that is written already. */
  tell() {
    if (!this.done && (!this.begun || this.told < this.progress())) this.write();
  }

  /** Follows it no longer. */
  leave() {
    open.delete(this);
    this.span.trace.open.delete(this);
  }

  /** Which of the steps to the answer are known: the connection, the request's end. */
  progress() {
    const { attributes } = this;
    return Number(attributes['flakescope.http.connection_reused'] !== undefined)
      + Number(attributes['flakescope.http.request_offset_ns'] !== undefined);
  }

  write() {
    this.begun = true;
    this.told = this.progress();
    if (open.size > OPEN) this.leave();
    this.writtenBody = this.requestBody.size;
    this.bodies();
    this.span.write();
  }

  /** The exchange is over. @param {{complete: boolean, at?: bigint}} how whether the answer came to its end */
  end({ complete, at }) {
    if (this.done) return;
    this.done = true;
    this.leave();
    this.span.end(at);
    if (this.hasResponse) this.attributes['flakescope.http.response.complete'] = complete;
    if (complete) this.sentBeforeAnswer();
    this.eventLoop();
    this.write();
    if (this.requestBody.truncated && !this.overBudget) this.cutGap('request');
    if (this.responseBody.truncated && !this.overBudget) this.cutGap('response');
  }

  /** An answer may overtake the news that its request is sent, and be over before it. */
  sentBeforeAnswer() {
    const { attributes } = this;
    attributes['flakescope.http.request_offset_ns'] ??= attributes['flakescope.http.first_byte_offset_ns'];
  }

  /** How long this thread ran code while the exchange was under way: what it cannot have waited for its peer. */
  eventLoop() {
    const lasted = this.span.offset(this.span.finished) / 1e6;
    if (lasted <= LONG_MS) return;
    const active = this.span.offset() / 1e6 - (clock.idle() - this.idleAtStart);
    this.attributes['flakescope.event_loop.active_ms'] = Math.round(Math.min(Math.max(active, 0), lasted));
  }

  cutGap(which) {
    this.gap('body-cut', which);
  }

  gap(kind, detail) {
    this.recorder.gap(kind, { trace: this.span.trace.traceId, span: this.span.id, detail });
  }

  bodies() {
    if (this.requestBody.size > 0) this.body('request', this.requestBody, this.requestCoded);
    if (this.hasResponse) this.body('response', this.responseBody, this.responseCoded);
  }

  /** Puts what is known of a body on the span, within the attempt's budget. */
  body(which, body, coded) {
    const { attributes } = this;
    const names = BODY[which];
    attributes[names.size] = body.size;
    const hash = this.done ? body.seal() : undefined;
    if (hash) attributes[names.hash] = hash;
    if (body.truncated) attributes[names.truncated] = true;
    if (this.withinBudget(which, body.kept)) attributes[names.content] = body.content(coded);
    else delete attributes[names.content];
  }

  withinBudget(which, bytes) {
    const { trace } = this.span;
    const more = bytes - this.budgeted[which];
    if (trace.bodyBytes + more > this.recorder.config.attemptBytes) {
      if (!this.overBudget) this.gap('attempt-budget', which);
      this.overBudget = true;
      return false;
    }
    trace.bodyBytes += more;
    this.budgeted[which] = bytes;
    return true;
  }
}

/**
 * What an error says of a failed call. To be asked when the error is first seen: libraries rewrite its code, name and
 * message in place before the call is over (the AWS SDK makes `NetworkingError` and `TimeoutError` of them).
 * @param {unknown} error @returns {{type: string, message: string}}
 */
function failureOf(error) {
  return { type: isTimeout(error) ? 'timeout' : codeOf(error), message: messageOf(error) };
}

/** Whether the caller's own time limit cut the call. */
function isTimeout(error) {
  return Boolean(error && (saysTimeout(error) || saysTimeout(error.cause)));
}

/**
 * Whether an error says so by its name. A code in words says more: the AWS SDK names connections that were cut
 * (`ECONNRESET`, `EPIPE`) `TimeoutError`, too. The code of a `DOMException` is a number.
 */
function saysTimeout(error) {
  return Boolean(error && error.name === 'TimeoutError' && typeof error.code !== 'string');
}

/** The code of a failed call, as `ECONNREFUSED`, where there is one; of a wrapped failure that of its cause. */
function codeOf(error) {
  if (error && typeof error === 'object') {
    if (typeof error.code === 'string') return error.code;
    if (error.cause && typeof error.cause.code === 'string') return error.cause.code;
  }
  return typeOf(error);
}

/** Writes what is not yet written of the exchanges under way; used at exit. */
function flush() {
  for (const exchange of open) exchange.tell();
}

module.exports = { Exchange, failureOf, flush, EARLY_END };
