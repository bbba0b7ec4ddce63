'use strict';
// What the recorder wants, read once from the spool folder: `run.json` and the masking key.

const { readFileSync, parse } = require('./natives.cjs');

/**
 * @typedef {object} Config
 * @property {string} spool the spool folder
 * @property {Buffer|null} key the masking key, null when it cannot be read
 * @property {string} keyId
 * @property {number} spoolCapBytes
 * @property {number} segmentBytes
 * @property {number} bodyBytes limit of one body
 * @property {number} attemptBytes limit of the bodies of one attempt
 * @property {boolean} console whether console output is recorded
 * @property {string} propagate `auto` or `never`
 * @property {string[]} declaredHosts
 */

/** Reads the configuration; null when the folder is gone. @param {string} spool @returns {Config|null} */
function load(spool) {
  const run = readRun(spool);
  if (!run) return null;
  const capture = run.capture || {};
  const key = readKey(spool);
  return {
    spool,
    key,
    keyId: key && /^[0-9a-f]{4}$/.test(run.key_id) ? run.key_id : '0000',
    spoolCapBytes: positive(run.spool_cap_bytes, 1024 * 1024 * 1024),
    segmentBytes: positive(run.segment_bytes, 4 * 1024 * 1024),
    bodyBytes: positive(capture.body_bytes, 256 * 1024),
    attemptBytes: positive(capture.attempt_bytes, 16 * 1024 * 1024),
    console: capture.console !== false,
    propagate: capture.propagate === 'never' ? 'never' : 'auto',
    declaredHosts: Array.isArray(run.declared_hosts) ? run.declared_hosts.map((host) => String(host).toLowerCase()) : [],
  };
}

function readRun(spool) {
  try {
    const run = parse(readFileSync(`${spool}/run.json`, 'utf8'));
    return run && run.protocol === 1 ? run : null;
  } catch {
    return null;
  }
}

function readKey(spool) {
  try {
    const text = readFileSync(`${spool}/key`, 'utf8').trim();
    return /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : null;
  } catch {
    return null;
  }
}

function positive(value, fallback) {
  return typeof value === 'number' && value > 0 ? value : fallback;
}

module.exports = { load };
