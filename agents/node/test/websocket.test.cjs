'use strict';
// The frames of a WebSocket are read the same however the bytes arrive, held against an encoder written from RFC 6455.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const { Frames } = require('../lib/websocket-frames.cjs');

/** A generator of the same numbers in every run. */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** One frame, masked or not. */
function frame({ opcode, fin = true, compressed = false, payload, mask }) {
  const { length } = payload;
  const head = [(fin ? 0x80 : 0) | (compressed ? 0x40 : 0) | opcode];
  const bit = mask ? 0x80 : 0;
  if (length < 126) head.push(bit | length);
  else if (length < 65536) head.push(bit | 126, length >> 8, length & 255);
  else head.push(bit | 127, 0, 0, 0, 0, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255);
  const body = mask ? payload.map((byte, index) => byte ^ mask[index % 4]) : payload;
  return Buffer.concat([Buffer.from(head), Buffer.from(mask || []), body]);
}

/** What is told of `bytes` when they arrive in pieces of the lengths that `next` gives. */
function read(bytes, next) {
  const told = [];
  const frames = new Frames({ message: (message) => told.push(message), close: (code, reason) => told.push({ code, reason }) });
  for (let at = 0; at < bytes.length;) {
    const length = next();
    frames.feed(bytes.subarray(at, at + length));
    at += length;
  }
  return told;
}

/** Bytes of a conversation in one direction, and what must be told of it. */
function conversation(random) {
  const parts = [];
  const expected = [];
  const mask = random(2) ? Buffer.from([1, 2, 3, 250]) : undefined;
  for (let count = random(6); count >= 0; count -= 1) {
    const payload = Buffer.alloc([0, 5, 125, 126, 300, 65535, 65536, 70000][random(8)], 'añz');
    const isText = random(3) > 0;
    const compressed = random(4) === 0;
    const cut = random(payload.length + 1);
    const pieces = random(2) ? [payload] : [payload.subarray(0, cut), payload.subarray(cut)];
    pieces.forEach((piece, index) => {
      const opcode = index > 0 ? 0 : isText ? 1 : 2;
      parts.push(frame({ opcode, fin: index === pieces.length - 1, compressed: compressed && index === 0, payload: piece, mask }));
      // A ping may come between the pieces of a message.
      if (random(3) === 0) parts.push(frame({ opcode: 9, payload: Buffer.from('ping'), mask }));
    });
    const text = isText && !compressed ? payload.subarray(0, 4096).toString('utf8') : undefined;
    expected.push({ size: payload.length, text });
  }
  const reason = random(2) ? 'bye' : '';
  parts.push(frame({ opcode: 8, payload: Buffer.concat([Buffer.from([3, 232]), Buffer.from(reason)]), mask }));
  expected.push({ code: 1000, reason });
  return { bytes: Buffer.concat(parts), expected };
}

test('frames are told the same however their bytes arrive', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = numbers(seed);
    const { bytes, expected } = conversation(random);
    for (const next of [() => bytes.length, () => 1 + random(7), () => 1 + random(5000)]) {
      assert.deepEqual(read(bytes, next), expected, `seed ${seed}`);
    }
  }
});

test('what is no WebSocket is left alone', () => {
  assert.deepEqual(read(Buffer.from('hello, this is something else'), () => 3), []);
});
