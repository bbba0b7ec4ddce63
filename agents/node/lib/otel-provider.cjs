'use strict';
// A provider of OpenTelemetry tracers for projects that use the API and register no SDK: what would vanish becomes
// spans of the running test. Outside a test it makes the same spans as the API makes by itself, which record nothing.

const context = require('./context.cjs');
const { guard } = require('./guard.cjs');
const { Span } = require('./span.cjs');
const exception = require('./exception.cjs');

class Provider {
  /** @param {import('./recorder.cjs').Recorder} recorder @param {any} api @param {any} proxy the API's own provider */
  constructor(recorder, api, proxy) {
    this.recorder = recorder;
    this.api = api;
    this.proxy = proxy;
  }

  getTracer(name, version, options) {
    return new Tracer(this, [name, version, options]);
  }

  /** The provider that the project has registered by now. */
  registered() {
    const provider = this.api.trace.getTracerProvider();
    if (provider !== this.proxy) return provider;
    const delegate = this.proxy.getDelegate();
    return delegate === this ? undefined : delegate;
  }
}

/** A tracer that a project may have taken before it registers an SDK: from then on the SDK's tracer answers. */
class Tracer {
  constructor(provider, identity) {
    this.provider = provider;
    this.identity = identity;
    this.begin = guard('otel span', (name, options) => begin(provider, name, options));
  }

  startSpan(name, options, parent) {
    const registered = this.provider.registered();
    if (registered) return registered.getTracer(...this.identity).startSpan(name, options, parent);
    const { trace, INVALID_SPAN_CONTEXT } = this.provider.api;
    return this.begin(name, options || {}) || trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
  }

  startActiveSpan(name, ...rest) {
    const registered = this.provider.registered();
    if (registered) return registered.getTracer(...this.identity).startActiveSpan(name, ...rest);
    const { api } = this.provider;
    const body = rest[rest.length - 1];
    const [options, parent] = rest.length > 1 ? rest : [undefined, undefined];
    const outer = (rest.length > 2 && parent) || api.context.active();
    const span = this.startSpan(name, options, outer);
    const inner = () => api.context.with(api.trace.setSpan(outer, span), body, undefined, span);
    return span instanceof RecordedSpan ? context.run(span.place, inner) : inner();
  }
}

function begin(provider, name, options) {
  const { trace, parent, attribution } = context.place();
  if (attribution === 'none') return undefined;
  const span = new Span(provider.recorder, {
    trace, parent, name: String(name), kind: (options.kind || 0) + 1, attributes: plain(options.attributes),
  });
  span.write();
  return new RecordedSpan(span, attribution);
}

/** A span as the API describes it, recorded. */
class RecordedSpan {
  constructor(span, attribution) {
    this.span = span;
    this.place = { trace: span.trace, spanId: span.id, attribution };
    for (const method of METHODS) {
      const change = guard(`otel ${method}`, CHANGES[method]);
      this[method] = (...args) => {
        if (span.finished === undefined) change(span, ...args);
        return this;
      };
    }
  }

  spanContext() {
    return { traceId: this.span.trace.traceId, spanId: this.span.id, traceFlags: 1 };
  }

  isRecording() {
    return this.span.finished === undefined;
  }
}

const CHANGES = {
  setAttribute: (span, key, value) => Object.assign(span.attributes, plain({ [key]: value })),
  setAttributes: (span, attributes) => Object.assign(span.attributes, plain(attributes)),
  addEvent: (span, name, attributes) => span.addEvent(String(name), isTime(attributes) ? {} : plain(attributes)),
  addLink: (span, link) => span.links.push(linkOf(link)),
  addLinks: (span, links) => span.links.push(...links.map(linkOf)),
  setStatus: (span, { code, message }) => {
    span.status = { code, message };
  },
  updateName: (span, name) => {
    span.name = String(name);
  },
  recordException: (span, error) => span.addEvent('exception', exception.describe(error)),
  end: (span) => {
    span.end();
    span.write();
  },
};
const METHODS = Object.keys(CHANGES);

function isTime(value) {
  return typeof value === 'number' || value instanceof Date || Array.isArray(value);
}

function linkOf({ context: linked, attributes }) {
  return { trace: linked.traceId, id: linked.spanId, attrs: plain(attributes) };
}

/** Attributes that the spool can carry: texts, numbers, truth values and lists of them. */
function plain(attributes) {
  const kept = {};
  for (const [key, value] of Object.entries(attributes || {})) {
    if (isPlain(value) || (Array.isArray(value) && value.every(isPlain))) kept[key] = value;
  }
  return kept;
}

function isPlain(value) {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

module.exports = { Provider, plain, linkOf };
//# sourceURL=node_modules/mocha/flakescope-otel-provider.cjs
