'use strict';
// One incoming request, told as a SERVER span.

const context = require('./context.cjs');
const { headOf, parseHead, SERVED, ANSWERED } = require('./headers.cjs');
const messages = require('./http-messages.cjs');
const sockets = require('./sockets.cjs');
const { guard } = require('./guard.cjs');
const { parseTraceparent } = require('./propagation.cjs');
const { Span, KIND_SERVER } = require('./span.cjs');

const FIRST_SERVER_ERROR = 500;

/** Begins the span of a request, and answers the context in which it is to be handled. */
function serve(recorder, { request, response, socket }) {
  const { trace, parent, attribution } = parentOf(request, socket);
  const span = new Span(recorder, {
    trace, parent, name: request.method, kind: KIND_SERVER, attributes: describe(request, socket),
  });
  span.requestHead = headOf(request.rawHeaders).members(SERVED, span);
  span.write();
  response.once('close', guard('http server end', () => finish(span, response)));
  const place = { trace, spanId: span.id, attribution };
  messages.place(request, place);
  return place;
}

/** The caller: by its header, else by the connection when it is in this process, else the only running test. */
function parentOf(request, socket) {
  const named = parseTraceparent(request.headers.traceparent);
  const caller = sockets.arriving(socket);
  if (named && !(caller && caller.span.trace.traceId === named.traceId)) {
    return { trace: known(named.traceId), parent: named.spanId, attribution: 'traceparent' };
  }
  if (caller) {
    return { trace: caller.span.trace, parent: caller.span.id, attribution: caller.attributes['flakescope.attribution'] };
  }
  if (context.running.size === 1) {
    const [only] = context.running;
    return { trace: only.trace, parent: only.spanId, attribution: 'only-running-test' };
  }
  return { trace: new context.Trace({ isTest: false }), parent: undefined, attribution: 'none' };
}

/** A trace of this process with that id, else one that is only continued here. */
function known(traceId) {
  for (const { trace } of context.running) if (trace.traceId === traceId) return trace;
  return new context.Trace({ traceId, isTest: false });
}

function describe(request, socket) {
  const [path, query] = splitTarget(request.url);
  const attributes = {
    'flakescope.span.type': 'server',
    'http.request.method': request.method,
    'url.path': path,
    'url.scheme': socket.encrypted ? 'https' : 'http',
    'network.protocol.version': request.httpVersion,
  };
  if (query !== undefined) attributes['url.query'] = query;
  if (socket.remoteAddress) attributes['client.address'] = socket.remoteAddress;
  if (socket.remotePort) attributes['client.port'] = socket.remotePort;
  if (socket.localPort) attributes['server.port'] = socket.localPort;
  if (socket.localAddress) attributes['server.address'] = socket.localAddress;
  return attributes;
}

function splitTarget(target) {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, undefined] : [target.slice(0, mark), target.slice(mark + 1)];
}

function finish(span, response) {
  if (response.headersSent) {
    span.attributes['http.response.status_code'] = response.statusCode;
    span.responseHead = headOf(parseHead(response._header || '')).members(ANSWERED, span);
    if (response.statusCode >= FIRST_SERVER_ERROR) {
      span.attributes['error.type'] = String(response.statusCode);
      span.fail();
    }
  }
  if (!response.writableFinished) span.attributes['flakescope.http.aborted_by'] = 'client';
  span.end();
  span.write();
}

module.exports = { serve };
