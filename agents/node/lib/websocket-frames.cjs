'use strict';
// Reads the frames of one direction of a WebSocket (RFC 6455, section 5.2) from the bytes as they pass by. Nothing is
// kept but the beginning of the message that is under way.

const { bufferFrom, concat } = require('./natives.cjs');

const TEXT = 1;
const CLOSE = 8;
const LONGEST_HEAD = 14;
/** Bytes of a message that are kept. */
const KEPT = 4096;
/** Opcodes that there are; anything else is no WebSocket. */
const KNOWN = new Set([0, TEXT, 2, CLOSE, 9, 10]);

class Frames {
  /**
   * @param {{message: (message: {size: number, text: string|undefined}) => void,
   *   close: (code: number, reason: string) => void}} told
   */
  constructor(told) {
    this.told = told;
    this.head = bufferFrom('');
    this.frame = null;
    this.message = null;
    this.isBroken = false;
  }

  /** @param {Uint8Array} bytes */
  feed(bytes) {
    let rest = bytes;
    while (rest.length > 0 && !this.isBroken) rest = this.frame ? this.payload(rest) : this.header(rest);
  }

  /** Takes what is missing of a frame's head; gives what is left. */
  header(bytes) {
    const before = this.head.length;
    const head = concat([this.head, bytes.subarray(0, LONGEST_HEAD - before)]);
    const length = lengthOfHead(head);
    if (length === undefined || head.length < length) {
      this.head = head;
      return bytes.subarray(LONGEST_HEAD - before);
    }
    this.head = bufferFrom('');
    this.begin(head.subarray(0, length));
    return bytes.subarray(length - before);
  }

  begin(head) {
    const opcode = head[0] & 0x0f;
    if (!KNOWN.has(opcode)) {
      this.isBroken = true;
      return;
    }
    const left = payloadLength(head);
    const mask = head[1] & 0x80 ? head.subarray(-4) : undefined;
    if (opcode > 0 && opcode < CLOSE) this.message = { size: 0, kept: [], room: KEPT, isText: opcode === TEXT && (head[0] & 0x40) === 0 };
    const isControl = opcode >= CLOSE;
    const target = isControl ? { size: 0, kept: [], room: 125, isText: true } : this.message;
    this.frame = { opcode, isLast: (head[0] & 0x80) !== 0, left, mask, at: 0, target };
    if (left === 0) this.end();
  }

  /** Takes what is missing of a frame's payload; gives what is left. */
  payload(bytes) {
    const { frame } = this;
    const part = bytes.subarray(0, frame.left);
    const { target } = frame;
    if (target) {
      target.size += part.length;
      if (target.room > 0 && target.isText) {
        const kept = unmasked(part.subarray(0, target.room), frame);
        target.kept.push(kept);
        target.room -= kept.length;
      }
    }
    frame.at += part.length;
    frame.left -= part.length;
    if (frame.left === 0) this.end();
    return bytes.subarray(part.length);
  }

  end() {
    const { opcode, isLast, target } = this.frame;
    this.frame = null;
    if (opcode === CLOSE) {
      const body = concat(target.kept);
      this.told.close(body.length >= 2 ? body.readUInt16BE(0) : 1005, body.toString('utf8', 2));
    } else if (opcode < CLOSE && isLast && target) {
      this.message = null;
      this.told.message({ size: target.size, text: target.isText ? concat(target.kept).toString('utf8') : undefined });
    }
  }
}

/** How long the head is that begins with these bytes; undefined when they do not say yet. */
function lengthOfHead(bytes) {
  if (bytes.length < 2) return undefined;
  const short = bytes[1] & 0x7f;
  return 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (bytes[1] & 0x80 ? 4 : 0);
}

function payloadLength(head) {
  const short = head[1] & 0x7f;
  if (short === 126) return head.readUInt16BE(2);
  return short === 127 ? head.readUInt32BE(2) * 2 ** 32 + head.readUInt32BE(6) : short;
}

/** A copy of a part of a payload with its mask taken off. */
function unmasked(part, { mask, at }) {
  const copy = bufferFrom(part);
  for (let index = 0; mask && index < copy.length; index += 1) copy[index] ^= mask[(at + index) % 4];
  return copy;
}

module.exports = { Frames };
