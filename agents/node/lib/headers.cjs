'use strict';
// Headers as attributes: order kept, credentials pseudonymised, long values cut.

const { maskHeader } = require('./credentials.cjs');

const VALUE_CHARACTERS = 16 * 1024;

/**
 * Header fields by lower-case name, from a flat list of names and values as on the wire.
 * @param {string[]} flat
 * @returns {Record<string, string[]>}
 */
function group(flat) {
  const headers = Object.create(null);
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const name = String(flat[index]).toLowerCase();
    (headers[name] ||= []).push(String(flat[index + 1]));
  }
  return headers;
}

/** Names in the order of the wire. @param {string[]} flat */
function order(flat) {
  const names = [];
  for (let index = 0; index < flat.length; index += 2) names.push(String(flat[index]));
  return names;
}

/**
 * Puts the headers on a span as `<prefix><name>`.
 * @param {import('./span.cjs').Span} span
 * @param {string} prefix
 * @param {Record<string, string[]>} headers
 */
function put(span, prefix, headers) {
  for (const name in headers) {
    span.attributes[prefix + name] = headers[name].map((value) => {
      const safe = maskHeader(name, value);
      if (safe.length <= VALUE_CHARACTERS) return safe;
      span.recorder.gap('header-cut', { trace: span.trace.traceId, span: span.id, detail: name });
      return safe.slice(0, VALUE_CHARACTERS);
    });
  }
}

/** The flat list of an HTTP head as text, without its first line. @param {string} head */
function parseHead(head) {
  const flat = [];
  const lines = head.split('\r\n');
  for (let index = 1; index < lines.length; index += 1) {
    const colon = lines[index].indexOf(':');
    if (colon > 0) flat.push(lines[index].slice(0, colon), lines[index].slice(colon + 1).trim());
  }
  return flat;
}

module.exports = { group, order, put, parseHead };
