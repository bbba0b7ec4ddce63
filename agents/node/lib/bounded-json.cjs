'use strict';
// JSON of any value within a number of characters: no cycle, getter, huge array or foreign `toJSON` can make it
// expensive or make it throw.

const { stringify } = require('./natives.cjs');

/** @param {unknown} value @param {number} limit in characters */
function bounded(value, limit) {
  const state = { left: limit, path: new Set() };
  const text = render(value, state);
  return text.length > limit ? text.slice(0, limit) : text;
}

function render(value, state) {
  if (state.left <= 0) return spend('"…"', state);
  switch (typeof value) {
    case 'string': return spend(stringify(value.length > state.left ? `${value.slice(0, state.left)}…` : value), state);
    case 'number': return spend(Number.isFinite(value) ? String(value) : stringify(String(value)), state);
    case 'boolean': return spend(String(value), state);
    case 'undefined': return spend('"undefined"', state);
    case 'object': return value === null ? spend('null', state) : renderObject(value, state);
    default: return spend(stringify(nameOf(value)), state);
  }
}

function nameOf(value) {
  return typeof value === 'function' ? `[Function: ${String(value.name)}]` : String(value);
}

function renderObject(value, state) {
  if (state.path.has(value)) return spend('"[Circular]"', state);
  state.path.add(value);
  try {
    return renderKnown(value, state);
  } catch {
    return spend('"[unreadable]"', state);
  } finally {
    state.path.delete(value);
  }
}

function renderKnown(value, state) {
  if (value instanceof Date) return spend(stringify(Number.isNaN(+value) ? 'Invalid Date' : value.toISOString()), state);
  if (value instanceof RegExp) return spend(stringify(String(value)), state);
  if (value instanceof Error) return spend(stringify(`${value.name}: ${value.message}`), state);
  if (Buffer.isBuffer(value)) return spend(stringify(value.toString('base64', 0, state.left)), state);
  if (Array.isArray(value) || value instanceof Set || ArrayBuffer.isView(value)) {
    return renderList(value[Symbol.iterator] ? value : [], state);
  }
  if (value instanceof Map) return renderEntries(value, state);
  return renderEntries(entriesOf(value), state);
}

function* entriesOf(value) {
  for (const key of Object.keys(value)) yield [key, value[key]];
}

function renderList(values, state) {
  const parts = [];
  for (const value of values) {
    parts.push(render(value, state));
    if (state.left <= 0) break;
  }
  return `[${parts.join(',')}]`;
}

function renderEntries(entries, state) {
  const parts = [];
  for (const [key, value] of entries) {
    parts.push(`${spend(stringify(String(key)), state)}:${render(value, state)}`);
    if (state.left <= 0) break;
  }
  return `{${parts.join(',')}}`;
}

function spend(text, state) {
  state.left -= text.length + 1;
  return text;
}

module.exports = { bounded };
