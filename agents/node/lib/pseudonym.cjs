'use strict';
// Keyed hashes (protocol/masking.md). `crypto` takes milliseconds to load, so it is loaded with the first request, or
// earlier when the project has loaded it anyway: before a test can have replaced its functions.

const { bufferFrom, concat } = require('./natives.cjs');

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;

/** @type {{createHmac: Function, hash: Function|undefined}|null} */
let functions = null;
let key = null;
let keyId = '0000';
/** The key in its two paddings, the outer one with room for the inner hash. */
let inner = null;
let outer = null;

/** @param {import('./config.cjs').Config} config */
function configure(config) {
  key = config.key;
  keyId = config.keyId;
  if (!key) return;
  inner = Buffer.alloc(BLOCK_BYTES, 0x36);
  outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES, 0x5c);
  for (let index = 0; index < key.length; index += 1) {
    inner[index] ^= key[index];
    outer[index] ^= key[index];
  }
}

/** Takes hold of the hash functions, if `crypto` is loaded already. */
function prepare() {
  if (process.moduleLoadList.includes('NativeModule crypto')) load();
}

function load() {
  if (functions) return;
  const { createHmac, hash } = require('crypto');
  functions = { createHmac, hash };
}

/** The keyed hash of a whole value as hex; undefined without a key. @param {string|Buffer} value */
function digest(value) {
  if (!key) return undefined;
  load();
  if (!functions.hash) return functions.createHmac('sha256', key).update(value).digest('hex');
  // HMAC by its definition: two plain hashes cost a fraction of one HMAC object.
  const bytes = typeof value === 'string' ? bufferFrom(value) : value;
  functions.hash('sha256', concat([inner, bytes]), 'buffer').copy(outer, BLOCK_BYTES);
  return functions.hash('sha256', outer, 'hex');
}

/** A keyed hash to be fed piece by piece; null without a key. */
function hasher() {
  if (!key) return null;
  load();
  return functions.createHmac('sha256', key);
}

/** 12 hex digits that stand for `value`; zeros when there is no key, so that nothing can be learned. */
function pseudonym(value) {
  const hash = digest(value);
  return hash ? hash.slice(0, 12) : '000000000000';
}

/** What takes the place of a secret. */
function masked(value) {
  return /^\[masked:[0-9a-f]{4}:[0-9a-f]{12}\]$/.test(value) ? value : `[masked:${keyId}:${pseudonym(value)}]`;
}

module.exports = { configure, prepare, digest, hasher, pseudonym, masked };
