'use strict';
// Random identifiers, from a generator of our own seeded by the kernel: loading `crypto` costs milliseconds, and both
// it and Math.random are things that tests replace.

const { openSync, readSync, closeSync, monotonic } = require('./natives.cjs');

const state = seed();

/** sfc32, a small generator that passes the usual batteries; 32 fresh bits each call. */
function next() {
  const sum = (state[0] + state[1] | 0) + state[3] | 0;
  state[3] = state[3] + 1 | 0;
  state[0] = state[1] ^ (state[1] >>> 9);
  state[1] = state[2] + (state[2] << 3) | 0;
  state[2] = (state[2] << 21 | state[2] >>> 11) + sum | 0;
  return sum >>> 0;
}

function seed() {
  const words = new Int32Array(4);
  try {
    const file = openSync('/dev/urandom', 'r');
    readSync(file, new Uint8Array(words.buffer), 0, 16, null);
    closeSync(file);
  } catch {
    const time = monotonic();
    words.set([process.pid, Number(time & 0x7fffffffn), Number((time >> 31n) & 0x7fffffffn), 1]);
  }
  return words;
}

/** Each byte as two hex digits. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `words` times 8 lower-case hex digits, never all zero. */
function hex(words) {
  let text = '';
  let bits = 0;
  for (let index = 0; index < words; index += 1) {
    const word = next();
    bits |= word;
    text += BYTES[word >>> 24] + BYTES[(word >>> 16) & 255] + BYTES[(word >>> 8) & 255] + BYTES[word & 255];
  }
  return bits === 0 ? hex(words) : text;
}

for (let warmUp = 0; warmUp < 12; warmUp += 1) next();

module.exports = {
  traceId: () => hex(4),
  spanId: () => hex(2),
  instance: () => hex(1),
};
