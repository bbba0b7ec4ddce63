'use strict';
// A body as it passes by: a bounded copy of its beginning, the length and the keyed hash of the whole.

const { bufferFrom, concat, isUtf8 } = require('./natives.cjs');
const { digest, hasher } = require('./pseudonym.cjs');

class Body {
  /** @param {number} limit bytes that are kept */
  constructor(limit) {
    this.limit = limit;
    this.size = 0;
    this.kept = 0;
    this.parts = [];
    this.hash = undefined;
    this.digest = undefined;
    this.sealed = false;
  }

  /** @param {Uint8Array} bytes copied, as their owner may reuse them */
  add(bytes) {
    if (bytes.length === 0 || this.sealed) return;
    this.size += bytes.length;
    const room = this.limit - this.kept;
    if (bytes.length > room && this.hash === undefined) this.stream();
    if (this.hash) this.hash.update(bytes);
    if (room <= 0) return;
    const part = bufferFrom(bytes.length > room ? bytes.subarray(0, room) : bytes);
    this.parts.push(part);
    this.kept += part.length;
  }

  /** From here on more passes by than is kept, so the hash is fed as it does. */
  stream() {
    this.hash = hasher();
    for (const part of this.hash ? this.parts : []) this.hash.update(part);
  }

  get truncated() {
    return this.size > this.kept;
  }

  /** The bytes that were kept. */
  bytes() {
    if (this.parts.length > 1) this.parts = [concat(this.parts)];
    return this.parts[0] || null;
  }

  /** The body is over: first 16 bytes of its keyed hash as hex; undefined when it is empty or without a key. */
  seal() {
    if (!this.sealed) {
      this.sealed = true;
      if (this.size === 0) return undefined;
      const whole = this.hash ? this.hash.digest('hex') : digest(this.bytes());
      this.digest = whole && whole.slice(0, 32);
    }
    return this.digest;
  }

  /** The content as an attribute value: text where it is text and not coded, else bytes. @param {boolean} coded */
  content(coded) {
    const bytes = this.bytes();
    if (!bytes) return '';
    const text = coded ? null : asText(bytes, this.truncated);
    return text === null ? { $bytes: bytes.toString('base64') } : text;
  }
}

/** The text that the bytes are, or null; a prefix may end within a character. */
function asText(bytes, isPrefix) {
  if (bytes.includes(0)) return null;
  if (isUtf8(bytes)) return bytes.toString('utf8');
  for (let cut = 1; isPrefix && cut <= 3 && cut < bytes.length; cut += 1) {
    const shorter = bytes.subarray(0, bytes.length - cut);
    if (isUtf8(shorter)) return shorter.toString('utf8');
  }
  return null;
}

module.exports = { Body };
