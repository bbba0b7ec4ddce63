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
  const { lambda, elasticsearch, slack } = await start(standIns, ["services/main.js"]);
  Object.assign(process.env, { LAMBDA_URL: lambda, ELASTICSEARCH_URL: elasticsearch, SLACK_URL: slack });
  process.env.WORKER_URL = (await startProduct("worker")).url;
  process.env.API_URL = (await startProduct("api")).url;
}

/** The product ends first: what it has begun it finishes with the help of the stand-ins. */
export async function mochaGlobalTeardown() {
  await Promise.all(product.map(stop));
  await Promise.all(standIns.map(stop));
}

export const mochaHooks = {
  afterEach: removeFunctions,
};

function startProduct(name) {
  return start(product, ["--import", "./product/tracing.js", `product/${name}/main.js`], {
    OTEL_SERVICE_NAME: `insights-${name}`,
    RELEASE: process.env.SERVICES === "bad" ? "next" : "current",
  });
}

/** Gives the line of JSON that a service prints when it is ready. */
async function start(kind, argv, environment = {}) {
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
  return JSON.parse(line);
}

async function stop(service) {
  if (service.exitCode !== null || service.signalCode !== null) return;
  const exited = once(service, "exit");
  service.stdin.end();
  await exited;
}
