'use strict';
// Joins the project's own OpenTelemetry. Without an SDK its spans are recorded by a provider of ours, which stands
// behind the API's proxy and yields to whatever the project registers, whenever it does. With an SDK its spans are
// copied as they start and end; what the SDK itself makes, parents and exports is not touched.

const { guard } = require('./guard.cjs');
const frames = require('./frames.cjs');
const { Provider } = require('./otel-provider.cjs');
const { Observer } = require('./otel-observer.cjs');

/**
 * @param {import('./recorder.cjs').Recorder} recorder
 * @param {any} api what one copy of `@opentelemetry/api` exports
 */
function attach(recorder, api) {
  const { trace } = api || {};
  const proxy = trace && trace._proxyTracerProvider;
  if (!proxy || typeof proxy.setDelegate !== 'function' || typeof trace.setGlobalTracerProvider !== 'function') return;
  const observer = new Observer(recorder, api);
  frames.before(Object.getPrototypeOf(trace), 'setGlobalTracerProvider', guard('otel sdk', (_, [provider]) => {
    observer.watch(provider);
  }));
  // Jest shows us what a file has loaded only when the file has run, and may have registered its SDK.
  if (proxy._delegate === undefined) proxy.setDelegate(new Provider(recorder, api, proxy));
  else observer.watch(proxy._delegate);
}

module.exports = { attach };
