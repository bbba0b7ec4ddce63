'use strict';
// Copies the spans of the project's own SDK (sdk-trace-base 1 and 2) into the running test, as one more span processor.

const context = require('./context.cjs');
const frames = require('./frames.cjs');
const { guard } = require('./guard.cjs');
const { Span } = require('./span.cjs');
const { plain, linkOf } = require('./otel-provider.cjs');

/** Scopes whose spans are calls that we capture ourselves. */
const OWN_CALLS = /^@opentelemetry\/instrumentation-(?:http|undici|fetch)$/;
/** Spans of an SDK that are open at once; more are not followed. */
const OPEN_SPANS = 10000;

class Observer {
  /** @param {import('./recorder.cjs').Recorder} recorder @param {any} api */
  constructor(recorder, api) {
    this.recorder = recorder;
    this.api = api;
    /** Open spans by the SDK's span id. @type {Map<string, {span: Span, place: object|undefined}>} */
    this.open = new Map();
    this.watched = new WeakSet();
    this.onStart = guard('otel start', (span) => this.start(span));
    this.onEnd = guard('otel end', (span) => this.end(span));
    this.forceFlush = () => Promise.resolve();
    this.shutdown = () => Promise.resolve();
  }

  /** Sees the spans of `provider` from now on. */
  watch(provider) {
    if (!provider || this.watched.has(provider)) return;
    this.watched.add(provider);
    context.lookNearer((place) => this.nearer(place));
    const joined = () => this.join(provider._registeredSpanProcessors);
    if (typeof provider.addSpanProcessor === 'function') {
      if (!joined()) frames.around(provider, 'addSpanProcessor', () => undefined, guard('otel sdk', joined));
    } else if (provider._activeSpanProcessor) {
      this.join(provider._activeSpanProcessor._spanProcessors, true);
    }
  }

  /** Adds itself to a list of processors; to an empty one only if that means no more than that. */
  join(processors, evenEmpty) {
    if (!Array.isArray(processors) || (processors.length === 0 && !evenEmpty)) return false;
    if (!processors.includes(this)) processors.push(this);
    return true;
  }

  start(sdkSpan) {
    const scope = sdkSpan.instrumentationScope || sdkSpan.instrumentationLibrary;
    const { trace, parent, attribution } = context.place();
    if (attribution === 'none' || this.open.size >= OPEN_SPANS || (scope && OWN_CALLS.test(scope.name))) return;
    const { spanId } = sdkSpan.spanContext();
    const named = sdkSpan.parentSpanId || (sdkSpan.parentSpanContext && sdkSpan.parentSpanContext.spanId);
    const span = new Span(this.recorder, {
      id: spanId, trace, parent: this.open.has(named) ? named : parent, name: String(sdkSpan.name),
      kind: (sdkSpan.kind || 0) + 1, attributes: plain(sdkSpan.attributes),
    });
    this.open.set(spanId, { span, place: context.active() });
    span.write();
  }

  end(sdkSpan) {
    const { spanId } = sdkSpan.spanContext();
    const entry = this.open.get(spanId);
    if (!entry) return;
    this.open.delete(spanId);
    const { span } = entry;
    span.name = String(sdkSpan.name);
    span.attributes = plain(sdkSpan.attributes);
    span.links = (sdkSpan.links || []).map(linkOf);
    for (const event of sdkSpan.events || []) span.addEvent(String(event.name), plain(event.attributes));
    const { code, message } = sdkSpan.status || {};
    if (code) span.status = { code, message };
    span.end();
    span.write();
  }

  /** The SDK's active span, if it was started where we are now. */
  nearer(place) {
    const active = this.api.trace.getActiveSpan && this.api.trace.getActiveSpan();
    const id = active && active.spanContext().spanId;
    const entry = id && this.open.get(id);
    return entry && entry.place === place ? id : undefined;
  }
}

module.exports = { Observer };
