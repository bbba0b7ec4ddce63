'use strict';
// Keyed hashes (protocol/masking.md). `crypto` takes milliseconds to load, so it is loaded with the first request, or
// earlier when the project has loaded it anyway: before a test can have replaced its functions.

/** @type {typeof import('crypto').createHmac|null} */
let createHmac = null;
let key = null;
let keyId = '0000';

/** @param {import('./config.cjs').Config} config */
function configure(config) {
  key = config.key;
  keyId = config.keyId;
}

/** Takes hold of the hash function, if `crypto` is loaded already. */
function prepare() {
  if (!createHmac && process.moduleLoadList.includes('NativeModule crypto')) load();
}

function load() {
  if (!createHmac) createHmac = require('crypto').createHmac;
}

/** A keyed hash to be fed piece by piece; null without a key. */
function hasher() {
  if (!key) return null;
  load();
  return createHmac('sha256', key);
}

/** 12 hex digits that stand for `value`; zeros when there is no key, so that nothing can be learned. */
function pseudonym(value) {
  const hash = hasher();
  return hash ? hash.update(value).digest('hex').slice(0, 12) : '000000000000';
}

/** What takes the place of a secret. */
function masked(value) {
  return /^\[masked:[0-9a-f]{4}:[0-9a-f]{12}\]$/.test(value) ? value : `[masked:${keyId}:${pseudonym(value)}]`;
}

module.exports = { configure, prepare, load, hasher, pseudonym, masked };
