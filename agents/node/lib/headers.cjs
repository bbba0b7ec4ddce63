'use strict';
// Headers as attributes: order kept, credentials pseudonymised, long values cut. They are most of what a record holds
// and much the same from call to call, so they go from the wire straight to JSON, by way of what is known of each name.

const { maskHeader, isCredential } = require('./credentials.cjs');
const { stringify } = require('./natives.cjs');

const VALUE_CHARACTERS = 16 * 1024;
/** How many names and heads are remembered, and up to which length. */
const NAMES = 500;
const HEADS = 100;
const REMEMBERED_CHARACTERS = 1024;
/** An identifier is shorter. */
const RETRY_GROUP_CHARACTERS = 256;

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

/** Where the headers of a message go: before each name, and the attribute with their order if there is one. */
const REQUEST = { prefix: 'http.request.header.', order: 'flakescope.http.request.header_order' };
const RESPONSE = { prefix: 'http.response.header.', order: 'flakescope.http.response.header_order' };
const SERVED = { prefix: 'http.request.header.', order: undefined };
const ANSWERED = { prefix: 'http.response.header.', order: undefined };

/** The head of one message, and what is told from it. */
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
    this.hasCredential = this.fields.some((field) => field.isCredential);
    this.isCoded = this.isOtherThanIdentity(this.first('content-encoding'));
    this.retryGroup = this.groupOfTries();
    this.amzTarget = this.first('x-amz-target');
    this.isAwsSdk = String(this.first('user-agent')).includes('aws-sdk-');
    /** What `members` answered last, and for which place. */
    this.place = undefined;
    this.text = '';
  }

  /** The first value of header `name`, which is in lower case. @param {string} name */
  first(name) {
    for (let index = 0; index < this.fields.length; index += 1) if (this.fields[index].name === name) return this.values[index];
    return undefined;
  }

  isOtherThanIdentity(coding) {
    return coding !== undefined && coding.trim() !== '' && coding.trim().toLowerCase() !== 'identity';
  }

  /** What clients repeat on each try of one logical call; of keys that a caller may choose, only those that clients make. */
  groupOfTries() {
    const made = this.first('amz-sdk-invocation-id') || this.first('x-ms-client-request-id');
    const key = this.first('idempotency-key');
    const group = made || (key && /^(?:stripe|stainless)-node-retry-/.test(key) ? key : undefined);
    return group && group.length <= RETRY_GROUP_CHARACTERS ? group : undefined;
  }

  /** All values by lower-case name. @returns {Record<string, string[]>} */
  grouped() {
    const headers = Object.create(null);
    for (let index = 0; index < this.fields.length; index += 1) (headers[this.fields[index].name] ||= []).push(this.values[index]);
    return headers;
  }

  /**
   * The headers as members of a JSON object, each with a comma before it.
   * @param {{prefix: string, order: string|undefined}} place
   * @param {import('./span.cjs').Span} span told of what is cut
   */
  members(place, span) {
    if (this.place === place) return this.text;
    let text = '';
    for (let index = 0; index < this.fields.length; index += 1) {
      const { name } = this.fields[index];
      if (!this.isRepetition(index)) text += `,${stringify(place.prefix + name)}:[${this.valuesFrom(index, span)}]`;
    }
    if (place.order) text += `,"${place.order}":[${this.fields.map((field) => field.order).join(',')}]`;
    this.place = place;
    this.text = text;
    return text;
  }

  /** Whether a header before it has the same name. */
  isRepetition(index) {
    const { name } = this.fields[index];
    for (let before = 0; before < index; before += 1) if (this.fields[before].name === name) return true;
    return false;
  }

  /** The value of a header, and those of all that follow with the same name. */
  valuesFrom(index, span) {
    let text = this.fields[index].textOf(this.values[index], span);
    for (let next = index + 1; next < this.fields.length; next += 1) {
      if (this.fields[next].name === this.fields[index].name) text += `,${this.fields[next].textOf(this.values[next], span)}`;
    }
    return text;
  }
}

/** Heads seen lately: most calls of a suite send and get the same few. @type {Map<string, Head>} */
const heads = new Map();

/** The head that consists of `flat`. @param {string[]} flat names and values in turn, as on the wire */
function headOf(flat) {
  const key = flat.join('\n');
  if (key.length > REMEMBERED_CHARACTERS) return new Head(flat);
  let head = heads.get(key);
  if (head === undefined) {
    head = new Head(flat);
    if (heads.size >= HEADS) heads.clear();
    heads.set(key, head);
  }
  return head;
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

module.exports = { headOf, parseHead, REQUEST, RESPONSE, SERVED, ANSWERED };
