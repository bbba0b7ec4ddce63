'use strict';
// A call that an interceptor answered, and that no request of Node's or undici's ever came of: told to an exchange as far
// as the interceptor knows it.

const { Exchange, failureOf } = require('./exchange.cjs');
const { bufferFrom, nextTick } = require('./natives.cjs');
const { guard } = require('./guard.cjs');

const DEFAULT_PORTS = { 'http:': 80, 'https:': 443 };

const begin = guard('mocked start', (call) => call.exchange.begin());

class MockedCall {
  /**
   * @param {import('./recorder.cjs').Recorder} recorder
   * @param {{by: string, client: string, method: string, url: string, headers: string[]}} asked `headers`: names and values in turn
   */
  constructor(recorder, { by, client, method, url, headers }) {
    this.exchange = new Exchange(recorder, { client, method: String(method || 'GET').toUpperCase() });
    this.exchange.attributes['flakescope.mocked'] = by;
    const { protocol, hostname, port } = new URL(url);
    this.exchange.target({ url, host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || DEFAULT_PORTS[protocol] });
    this.exchange.requestHead(headers);
    nextTick(begin, this);
  }

  /** @param {string|Uint8Array|undefined} bytes */
  onSent(bytes, encoding) {
    if (typeof bytes === 'string') this.exchange.requestBody.add(bufferFrom(bytes, encoding));
    else if (bytes instanceof Uint8Array) this.exchange.requestBody.add(bytes);
  }

  onHead(status, flat) {
    if (!this.exchange.hasResponse) this.exchange.responseHead({ status, flat });
  }

  onData(bytes) {
    this.exchange.responseBody.add(typeof bytes === 'string' ? bufferFrom(bytes) : bytes);
  }

  onComplete() {
    this.exchange.end({ complete: true });
  }

  onError(error) {
    if (this.exchange.done) return;
    this.exchange.failed(failureOf(error));
    this.exchange.end({ complete: false });
  }

  /** It was no call, or one that is told elsewhere. */
  discard() {
    this.exchange.done = true;
    this.exchange.leave();
  }
}

/** Names and values in turn, of an object or of pairs. */
function flat(headers) {
  const entries = headers && typeof headers[Symbol.iterator] === 'function' ? [...headers] : Object.entries(headers || {});
  return entries.flatMap(([name, values]) => [values].flat().flatMap((value) => [String(name), String(value)]));
}

module.exports = { MockedCall, flat };
