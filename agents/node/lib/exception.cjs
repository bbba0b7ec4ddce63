'use strict';
// Turns whatever was thrown into the event `exception`.

const { bounded } = require('./bounded-json.cjs');

const COMPARED_CHARACTERS = 16 * 1024;
const CAUSES = 3;

/**
 * The attributes of the event for a thrown value.
 * @param {unknown} error
 * @param {string} [phase] the phase in which the attempt failed
 */
function describe(error, phase) {
  const attributes = {
    'exception.type': typeOf(error),
    'exception.message': messageOf(error),
    'exception.stacktrace': stackOf(error),
  };
  if (phase) attributes['flakescope.failure.phase'] = phase;
  if (isObject(error)) {
    const compared = isObject(error.matcherResult) ? error.matcherResult : error;
    if ('expected' in compared) attributes['flakescope.assertion.expected'] = bounded(compared.expected, COMPARED_CHARACTERS);
    if ('actual' in compared) attributes['flakescope.assertion.actual'] = bounded(compared.actual, COMPARED_CHARACTERS);
  }
  return attributes;
}

/**
 * The name where it says something, else the code, as `ERR_MOCHA_TIMEOUT` or `ECONNREFUSED`. What Jest's `expect` throws
 * carries its result, and its name says nothing.
 */
function typeOf(error) {
  if (!isObject(error)) return typeof error;
  if (isObject(error.matcherResult) && error.constructor) return String(error.constructor.name);
  const name = error.name || (error.constructor && error.constructor.name);
  if (name && name !== 'Error') return String(name);
  return String(error.code || name || 'Error');
}

/** The message; of an aggregate without one, the messages of its parts. */
function messageOf(error) {
  if (!isObject(error)) return String(error);
  if (error.message) return String(error.message);
  if (Array.isArray(error.errors)) return error.errors.map((part) => messageOf(part)).join('; ');
  return '';
}

function stackOf(error) {
  const parts = [];
  for (let current = error; isObject(current) && parts.length <= CAUSES; current = current.cause) {
    const text = typeof current.stack === 'string' ? current.stack : messageOf(current);
    parts.push(parts.length === 0 ? text : `Caused by: ${text}`);
  }
  return parts.join('\n');
}

function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

module.exports = { describe, typeOf, messageOf };
