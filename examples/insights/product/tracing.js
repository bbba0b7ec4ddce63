// Tracing with OpenTelemetry, loaded before the service itself: `node --import ./product/tracing.js …`. Where spans go
// is said by the usual OTEL_* variables; TRACING=off goes without.
import { createRequire, syncBuiltinESMExports } from "node:module";
import { setTimeout as after } from "node:timers/promises";

/** How long a service that ends waits for its last spans to be taken, in milliseconds. */
const LAST_EXPORT_MS = 1000;

const sdk = process.env.TRACING === "off" ? undefined : await start();

async function start() {
  const { NodeSDK } = await import("@opentelemetry/sdk-node");
  const { HttpInstrumentation } = await import("@opentelemetry/instrumentation-http");
  const { UndiciInstrumentation } = await import("@opentelemetry/instrumentation-undici");
  const started = new NodeSDK({ instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation()] });
  started.start();
  // The instrumentation patches a module when it is required, and ES modules see what was patched only when told to.
  const require = createRequire(import.meta.url);
  require("node:http");
  require("node:https");
  syncBuiltinESMExports();
  return started;
}

/** Hands over the spans that are left. Nobody has to take them. */
export async function stopTracing() {
  if (!sdk) return;
  await Promise.race([sdk.shutdown().catch(() => {}), after(LAST_EXPORT_MS)]);
}
