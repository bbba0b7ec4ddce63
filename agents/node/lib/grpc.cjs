'use strict';
// Captures clients of @grpc/grpc-js. One call of a method is one exchange, whatever HTTP/2 streams it takes: without a
// connection there is none, and their answers say `200` also when the call has failed.

const { guard } = require('./guard.cjs');
const frames = require('./frames.cjs');
const own = require('./own.cjs');

/**
 * @param {import('./recorder.cjs').Recorder} recorder
 * @param {any} exports of the file through which every call of a client goes, below its own interceptors and transformers
 */
function attach(recorder, exports) {
  recorder.tellsGrpc = true;
  const created = guard('grpc call', (_, args, token, result) => {
    if (!result) return;
    const [, method, options, channel] = args;
    const { GrpcCall } = own.load('grpc-call.cjs');
    follow(new GrpcCall(recorder, { method, options, channel, call: result }), method, result);
  });
  frames.around(exports, 'getInterceptingCall', () => undefined, created);
}

/** Tells `told` what happens to a call. All three objects are made by the library for this call alone. */
function follow(told, method, call) {
  frames.around(method, 'requestSerialize', () => undefined, guard('grpc request', (_, [value], token, bytes) => {
    if (bytes) told.onSent(bytes, value);
  }));
  frames.around(method, 'responseDeserialize', () => undefined, guard('grpc response', (_, [bytes], token, value) => {
    told.onReceived(bytes, value);
  }));
  frames.before(call, 'cancelWithStatus', guard('grpc cancel', () => told.onCancel()));
  frames.before(call, 'start', guard('grpc start', (_, [metadata, listener]) => {
    frames.before(listener, 'onReceiveMetadata', guard('grpc metadata', (self, [head]) => told.onMetadata(head)));
    frames.before(listener, 'onReceiveStatus', guard('grpc status', (self, [status]) => told.onStatus(status)));
    return [told.start(metadata), listener];
  }));
}

/** Marks the metadata that came over the wire. @param {any} exports of the file that makes metadata */
function watchWire(recorder, exports) {
  const { received } = own.load('grpc-call.cjs');
  frames.around(exports.Metadata, 'fromHttp2Headers', () => undefined, guard('grpc wire', (_, args, token, metadata) => {
    if (metadata) received.add(metadata);
  }));
}

module.exports = { attach, watchWire };
