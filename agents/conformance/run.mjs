// Runs every scenario on every version of Node and says whether the agent recorded what it must.
//
//   node run.mjs [--only NAME | --only NAME@RUNNER | --only @RUNNER]… [--node 20]… [--agent FILE] [--update] [--jobs N] [--keep] [--matrix]
//
// --update writes expected.json from the newest of the chosen versions: read the diff before you commit it.
// --matrix writes MATRIX.md from a run of everything.
// --keep leaves spools and output in the temporary folder and says where.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isCurrent, write } from "./lib/matrix.mjs";
import { ROOT, loadScenarios, nodeBinary, readExpected, writeExpected } from "./lib/scenario.mjs";
import { trial } from "./lib/trial.mjs";

const VERSIONS = ["20", "22", "24", "26"];

const { values: options } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    node: { type: "string", multiple: true, default: VERSIONS },
    agent: { type: "string", default: join(ROOT, "../node/agent.cjs") },
    jobs: { type: "string", default: "2" },
    update: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    matrix: { type: "boolean", default: false },
  },
});

const totals = { passed: 0, failed: 0, skipped: 0 };
/** Trials in which every check passed. */
const held = [];

function report({ scenario, major }, { checks, printed }) {
  if (checks.every(([, complaints]) => complaints.length === 0)) held.push({ scenario, major });
  for (const [check, complaints] of checks) {
    const failed = complaints.length > 0;
    totals[failed ? "failed" : "passed"] += 1;
    console.log(`${failed ? "FAIL" : "pass"}  node ${major}  ${scenario.name}: ${check}`);
    for (const complaint of complaints) console.log(`        ${complaint.replaceAll("\n", "\n        ")}`);
  }
  if (checks.some(([, complaints]) => complaints.length > 0) && printed) {
    for (const name of ["stdout", "stderr"]) if (printed[name]) console.log(`      its ${name}:\n${printed[name].slice(0, 4000).replace(/^/gm, "      | ")}`);
  }
}

/** Why a scenario cannot run here, or `undefined`. */
function obstacle({ skipped, disk_bytes: disk }, major) {
  if (skipped?.node.includes(Number(major))) return skipped.reason;
  return disk && process.getuid() !== 0 ? "needs root to mount a small disk" : undefined;
}

/** The chosen versions of Node on which the scenario is tried. */
const nodesOf = ({ nodes }) => options.node.filter((major) => !nodes || nodes.includes(Number(major)));

async function attempt(job, base) {
  const { scenario, major } = job;
  const reason = obstacle(scenario, major);
  if (reason) {
    totals.skipped += 1;
    console.log(`SKIP  node ${major}  ${scenario.name}: ${reason}`);
    return;
  }
  const work = join(base, `${scenario.name}-${major}`);
  try {
    const result = await trial({ scenario, major: Number(major), work, agent: resolve(options.agent), expected: readExpected(scenario) });
    if (options.update && result.recording) {
      if (major === nodesOf(scenario).at(-1)) writeExpected(scenario, result.recording);
      result.checks = result.checks.filter(([check]) => check !== "recording");
    }
    report(job, result);
  } catch (error) {
    report(job, { checks: [["harness", [error.stack]]] });
  }
  if (!options.keep) rmSync(work, { recursive: true, force: true });
}

/** Takes jobs from one queue with as many workers as asked for. */
async function inParallel(jobs, workers, body) {
  const queue = jobs.values();
  const worker = async () => {
    for (const job of queue) await body(job);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

/** Only a whole run without a failure says what the page must be. */
function matrixOf({ whole }) {
  if (!whole || options.update || totals.failed > 0) return;
  if (options.matrix) write(held);
  else if (!isCurrent(held)) {
    totals.failed += 1;
    console.log("FAIL  MATRIX.md is not what this run shows (hint: node run.mjs --matrix)");
  }
}

async function main() {
  const missing = [options.agent, ...options.node.map(nodeBinary)].filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`missing: ${missing.join(", ")} (hint: npm ci)`);
  const base = mkdtempSync(join(tmpdir(), "flakescope-conformance-"));
  const jobs = loadScenarios(options.only).flatMap((scenario) => nodesOf(scenario).map((major) => ({ scenario, major })));
  await inParallel(jobs, Number(options.jobs), (job) => attempt(job, base));
  if (options.keep) console.log(`kept in ${base}`);
  else rmSync(base, { recursive: true, force: true });
  matrixOf({ whole: options.only.length === 0 && options.node.length === VERSIONS.length });
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : "";
  console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
  process.exitCode = totals.failed > 0 ? 1 : 0;
}

await main();
