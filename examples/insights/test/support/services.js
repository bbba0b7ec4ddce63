// Starts stand-ins and product before the first test and stops them after the last. Their addresses are in the
// environment, so that Mocha's workers (`--parallel`) find them, too.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { removeFunctions } from "./functions.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const product = [];
const standIns = [];

export async function mochaGlobalSetup() {
  await Promise.all([startStandIn("lambda"), startStandIn("elasticsearch"), startStandIn("slack")]);
  await startProduct("worker");
  await startProduct("api");
}

/** The product ends first: what it has begun it finishes with the help of the stand-ins. */
export async function mochaGlobalTeardown() {
  await Promise.all(product.map(stop));
  await Promise.all(standIns.map(stop));
}

export const mochaHooks = {
  afterEach: removeFunctions,
};

function startStandIn(name) {
  return start(name, standIns, [`services/${name}.js`]);
}

function startProduct(name) {
  return start(name, product, ["--import", "./product/tracing.js", `product/${name}.js`], {
    OTEL_SERVICE_NAME: `insights-${name}`,
    RELEASE: process.env.SERVICES === "bad" ? "next" : "current",
  });
}

/** A service is ready when it has printed the line of JSON that has its address. */
async function start(name, kind, argv, environment = {}) {
  const service = spawn(process.execPath, argv, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  kind.push(service);
  const ready = once(createInterface({ input: service.stdout }), "line");
  const failed = once(service, "exit").then(([code]) => {
    throw new Error(`${argv.at(-1)} ended with code ${code} before it was ready`);
  });
  failed.catch(() => {});
  const [line] = await Promise.race([ready, failed]);
  process.env[`${name.toUpperCase()}_URL`] = JSON.parse(line).url;
}

async function stop(service) {
  if (service.exitCode !== null || service.signalCode !== null) return;
  const exited = once(service, "exit");
  service.stdin.end();
  await exited;
}
