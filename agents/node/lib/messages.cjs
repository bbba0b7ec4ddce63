'use strict';
// The messages of one side of an RPC as they pass by: the first of them as JSON within the limit of a body, how many there
// were, and length and keyed hash of what went over the wire. Takes the place of a `Body` in an exchange.

const { bounded } = require('./bounded-json.cjs');
const { hasher } = require('./pseudonym.cjs');

/** Of a stream these many messages are kept. */
const FIRST = 20;

class Messages {
  /** @param {number} limit characters that are kept @param {boolean} isStream whether there may be several */
  constructor(limit, isStream) {
    this.limit = limit;
    this.isStream = isStream;
    this.count = 0;
    this.size = 0;
    this.kept = 0;
    this.truncated = false;
    this.texts = [];
    this.hash = undefined;
    this.digest = undefined;
  }

  /** @param {Uint8Array} bytes the message as it is sent, without its frame @param {unknown} value what it says */
  add(bytes, value) {
    this.count += 1;
    this.size += bytes.length;
    this.hash ||= hasher();
    if (this.hash) this.hash.update(bytes);
    const room = this.limit - this.kept;
    if (room <= 0 || this.texts.length >= FIRST) {
      this.truncated = true;
      return;
    }
    const text = bounded(plain(value), room);
    if (text.length >= room) this.truncated = true;
    this.texts.push(text);
    this.kept += text.length;
  }

  content() {
    if (!this.isStream) return this.texts[0] || '';
    return this.truncated ? `[${this.texts.join(',')}` : `[${this.texts.join(',')}]`;
  }

  /** No message follows: first 16 bytes of the keyed hash of all of them as hex; undefined without any or without a key. */
  seal() {
    if (this.hash) this.digest = this.hash.digest('hex').slice(0, 32);
    this.hash = undefined;
    return this.digest;
  }
}

/** Messages of generated classes say with `toObject` what they hold. */
function plain(value) {
  return value && typeof value.toObject === 'function' ? value.toObject() : value;
}

module.exports = { Messages };
