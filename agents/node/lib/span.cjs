'use strict';
// A span and its records: written when it starts and again, with everything known, when it ends.

const clock = require('./clock.cjs');
const ids = require('./ids.cjs');
const { stringify } = require('./natives.cjs');

const ATTRIBUTE_BYTES = 256 * 1024;

const KIND_INTERNAL = 1;
const KIND_SERVER = 2;
const KIND_CLIENT = 3;
const STATUS_ERROR = 2;

class Span {
  /**
   * @param {import('./recorder.cjs').Recorder} recorder
   * @param {{trace: import('./context.cjs').Trace, parent?: string, name: string, kind: number, start?: bigint,
   *   attributes?: Record<string, unknown>, links?: object[], id?: string}} options
   */
  constructor(recorder, { trace, parent, name, kind, start, attributes, links, id }) {
    this.recorder = recorder;
    this.trace = trace;
    this.id = id || ids.spanId();
    this.parent = parent;
    this.name = name;
    this.kind = kind;
    this.start = start === undefined ? clock.mono() : start;
    this.attributes = attributes || {};
    this.links = links || [];
    /** Members of the attributes that are JSON already, each with a comma before it. */
    this.requestHead = '';
    this.responseHead = '';
    this.events = [];
    this.status = undefined;
    this.finished = undefined;
    this.begun = false;
    this.identity = '';
  }

  /** Nanoseconds from the start to `instant`, which is now if left out. */
  offset(instant) {
    return Number((instant === undefined ? clock.mono() : instant) - this.start);
  }

  fail(message) {
    this.status = { code: STATUS_ERROR, message: cut(this, message) };
  }

  addEvent(name, attributes, instant) {
    this.events.push({ name, time: String(clock.wall(instant === undefined ? clock.mono() : instant)), attrs: attributes });
  }

  /** Marks the end; the first mark counts. */
  end(instant) {
    if (this.finished === undefined) this.finished = instant === undefined ? clock.mono() : instant;
  }

  /** Writes what is known so far; a span that has ended is first written as it started. */
  write() {
    const { finished } = this;
    if (finished !== undefined && !this.begun) {
      this.finished = undefined;
      this.write();
      this.finished = finished;
    }
    this.begun = true;
    this.recorder.writeLine(this.line(), 'span');
  }

  /** The record as it is now. What never changes is put into words once, and heads were when they arrived. */
  line() {
    this.identity ||= `{"t":"span","trace":${stringify(this.trace.traceId)},"id":${stringify(this.id)}`
      + `${this.parent === undefined ? '' : `,"parent":${stringify(this.parent)}`},"kind":${this.kind}`
      + `,"start":"${clock.wall(this.start)}","mono":"${this.start}"`;
    let text = `${this.identity},"name":${stringify(this.name)}`;
    if (this.finished !== undefined) text += `,"end":"${clock.wall(this.finished)}"`;
    text += `,"attrs":${this.attributesText()}`;
    if (this.events.length > 0) text += `,"events":${stringify(this.events)}`;
    if (this.links.length > 0) text += `,"links":${stringify(this.links)}`;
    if (this.status) text += `,"status":${stringify(this.status)}`;
    return `${text}}\n`;
  }

  attributesText() {
    let text = stringify(this.attributes);
    // As long as all of them together are within the limit of one, none is beyond it.
    if (text.length > ATTRIBUTE_BYTES) text = stringify(this.boundedAttributes());
    const heads = this.requestHead + this.responseHead;
    if (heads === '') return text;
    return `${text === '{}' ? `{${heads.slice(1)}` : text.slice(0, -1) + heads}}`;
  }

  boundedAttributes() {
    for (const key in this.attributes) {
      const value = this.attributes[key];
      if (typeof value === 'string' && value.length > ATTRIBUTE_BYTES && !key.endsWith('.body.content')) {
        this.attributes[key] = cut(this, value);
      }
    }
    return this.attributes;
  }
}

/** A text within the limit of an attribute; what is cut is told as a gap. */
function cut(span, text) {
  if (typeof text !== 'string' || text.length <= ATTRIBUTE_BYTES) return text;
  span.recorder.gap('attribute-cut', { trace: span.trace.traceId, span: span.id });
  return text.slice(0, ATTRIBUTE_BYTES);
}

module.exports = { Span, KIND_INTERNAL, KIND_SERVER, KIND_CLIENT };
