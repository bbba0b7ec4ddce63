// Runs every scenario for Python and says whether the agent recorded what it must.
//
//   node run-python.mjs [--only NAME]… [--python FILE]… [--agent FOLDER] [--update] [--jobs N] [--keep] [--matrix]
//
// --python names an interpreter that has python/requirements.txt installed, by default that of python/.venv.
// --update writes expected.json from the last of them: read the diff before you commit it.
// --matrix writes python/MATRIX.md from a run of everything.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isCurrent, write } from "./python/lib/matrix.mjs";
import { PYTHON, loadScenarios, readExpected, writeExpected } from "./python/lib/scenario.mjs";
import { trial } from "./python/lib/trial.mjs";

const { values: options } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    python: { type: "string", multiple: true, default: [join(PYTHON, ".venv/bin/python")] },
    agent: { type: "string", default: join(PYTHON, "../../python/path") },
    jobs: { type: "string", default: "2" },
    update: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    matrix: { type: "boolean", default: false },
  },
});

const totals = { passed: 0, failed: 0, skipped: 0 };
/** Trials in which every check passed. */
const held = [];

function report({ scenario, version }, { checks, printed, facts }) {
  if (facts && checks.every(([, complaints]) => complaints.length === 0)) held.push({ scenario, facts });
  for (const [check, complaints] of checks) {
    const failed = complaints.length > 0;
    totals[failed ? "failed" : "passed"] += 1;
    console.log(`${failed ? "FAIL" : "pass"}  python ${version}  ${scenario.name}: ${check}`);
    for (const complaint of complaints) console.log(`        ${complaint.replaceAll("\n", "\n        ")}`);
  }
  if (!printed || checks.every(([, complaints]) => complaints.length === 0)) return;
  for (const [name, text] of Object.entries(printed)) if (text) console.log(`      its ${name}:\n${text.slice(0, 4000).replace(/^/gm, "      | ")}`);
}

async function attempt(job, base) {
  const { scenario, python, version } = job;
  if (scenario.skipped?.python.includes(version)) {
    totals.skipped += 1;
    console.log(`SKIP  python ${version}  ${scenario.name}: ${scenario.skipped.reason}`);
    return;
  }
  const work = join(base, `${scenario.name}-${version}`);
  try {
    const result = await trial({ scenario, python, work, agent: resolve(options.agent), expected: readExpected(scenario) });
    if (options.update && result.recording) {
      if (python === options.python.at(-1)) writeExpected(scenario, result.recording);
      result.checks = result.checks.filter(([check]) => check !== "recording");
    }
    report(job, result);
  } catch (error) {
    report(job, { checks: [["harness", [error.stack]]] });
  }
  if (!options.keep) rmSync(work, { recursive: true, force: true });
}

/** Only a whole run without a failure says what the page must be. */
function matrixOf({ whole }) {
  if (!whole || options.update || totals.failed > 0) return;
  if (options.matrix) write(held);
  else if (!isCurrent(held)) {
    totals.failed += 1;
    console.log("FAIL  python/MATRIX.md is not what this run shows (hint: node run-python.mjs --matrix)");
  }
}

async function main() {
  const missing = options.python.filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`missing: ${missing.join(", ")} (hint: cargo xtask test python-agent makes it)`);
  const version = (python) => execFileSync(python, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"], { encoding: "utf8" }).trim();
  const pythons = options.python.map((python) => ({ python, version: version(python) }));
  const base = mkdtempSync(join(tmpdir(), "flakescope-python-"));
  const queue = loadScenarios(options.only).flatMap((scenario) => pythons.map((one) => ({ scenario, ...one }))).values();
  const worker = async () => {
    for (const job of queue) await attempt(job, base);
  };
  await Promise.all(Array.from({ length: Number(options.jobs) }, worker));
  if (options.keep) console.log(`kept in ${base}`);
  else rmSync(base, { recursive: true, force: true });
  matrixOf({ whole: options.only.length === 0 });
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : "";
  console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
  process.exitCode = totals.failed > 0 ? 1 : 0;
}

await main();
