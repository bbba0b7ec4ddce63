'use strict';
// Headers as attributes: order kept, credentials pseudonymised, long values cut. They are most of what a record holds
// and much the same from call to call, so they go from the wire straight to JSON, by way of what is known of each name.

const { maskHeader, isCredential } = require('./credentials.cjs');
const { stringify } = require('./natives.cjs');

const VALUE_CHARACTERS = 16 * 1024;
/** Names that are remembered, and how long a value of each may be to be remembered with it. */
const NAMES = 500;
const REMEMBERED_CHARACTERS = 1024;

/** A header's name, and its last value as it may be recorded. */
class Field {
  /** @param {string} name as on the wire */
  constructor(name) {
    this.name = name.toLowerCase();
    this.order = stringify(name);
    this.isCredential = isCredential(this.name);
    this.value = undefined;
    this.text = '';
  }

  /** `value`, safe to record, as JSON. @param {import('./span.cjs').Span} span told of what is cut */
  textOf(value, span) {
    if (value === this.value) return this.text;
    const safe = maskHeader(this.name, value);
    if (safe.length > VALUE_CHARACTERS) {
      span.recorder.gap('header-cut', { trace: span.trace.traceId, span: span.id, detail: this.name });
      return stringify(safe.slice(0, VALUE_CHARACTERS));
    }
    const text = stringify(safe);
    if (value.length <= REMEMBERED_CHARACTERS) {
      this.value = value;
      this.text = text;
    }
    return text;
  }
}

/** @type {Map<string, Field>} by the name as on the wire */
const fields = new Map();

function fieldOf(name) {
  let field = fields.get(name);
  if (field === undefined) {
    field = new Field(name);
    if (fields.size < NAMES) fields.set(name, field);
  }
  return field;
}

/** The head of one message. */
class Head {
  /** @param {string[]} flat names and values in turn, as on the wire */
  constructor(flat) {
    /** @type {Field[]} */
    this.fields = [];
    /** @type {string[]} */
    this.values = [];
    for (let index = 0; index + 1 < flat.length; index += 2) {
      this.fields.push(fieldOf(String(flat[index])));
      this.values.push(String(flat[index + 1]));
    }
  }

  /** The first value of header `name`, which is in lower case. @param {string} name */
  first(name) {
    return this.values[this.fields.findIndex((field) => field.name === name)];
  }

  hasCredential() {
    return this.fields.some((field) => field.isCredential);
  }

  /** All values by lower-case name. @returns {Record<string, string[]>} */
  grouped() {
    const headers = Object.create(null);
    for (let index = 0; index < this.fields.length; index += 1) (headers[this.fields[index].name] ||= []).push(this.values[index]);
    return headers;
  }

  /**
   * Members of a JSON object, each with a comma before it: `<prefix><name>` with its values.
   * @param {string} prefix
   * @param {import('./span.cjs').Span} span
   */
  members(prefix, span) {
    let text = '';
    for (let index = 0; index < this.fields.length; index += 1) {
      const { name } = this.fields[index];
      if (this.isRepetition(index)) continue;
      const key = stringify(prefix + name);
      text += `,${key}:[${this.fields[index].textOf(this.values[index], span)}`;
      for (let next = index + 1; next < this.fields.length; next += 1) {
        if (this.fields[next].name === name) text += `,${this.fields[next].textOf(this.values[next], span)}`;
      }
      text += ']';
    }
    return text;
  }

  /** Whether a header before it has the same name. */
  isRepetition(index) {
    const { name } = this.fields[index];
    for (let before = 0; before < index; before += 1) if (this.fields[before].name === name) return true;
    return false;
  }

  /** The member `key` with the names in the order of the wire. @param {string} key */
  order(key) {
    let names = '';
    for (const field of this.fields) names += names === '' ? field.order : `,${field.order}`;
    return `,"${key}":[${names}]`;
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

module.exports = { Head, parseHead };
