// Runs Mocha and Jest suites that nobody here wrote, without and with the agent, and says what differs.
//
//   node public.mjs [--node 20]… [--agent FILE] [--name TITLE --dir DIR [--runner jest] [-- ARGUMENTS…]]
//
// Without --dir: the suites that come whole from the package registry (see SUITES).
// With it: a checkout with its own dependencies installed, for a one-off comparison.
// Each suite runs twice without the agent: what differs there already is the suite's own noise.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { compare } from "./lib/compare.mjs";
import { execute } from "./lib/execute.mjs";
import { violations } from "./lib/invariants.mjs";
import { merge } from "./lib/merge.mjs";
import { typeOf } from "./lib/normalise.mjs";
import { ROOT, nodeBinary } from "./lib/scenario.mjs";
import { RUN_ID, createSpool, readSegments } from "./lib/spool.mjs";
import { normaliser, output } from "./lib/text.mjs";

const LIMIT_MS = 180_000;
const inModules = (name) => join(ROOT, "node_modules", name);
/** Suites whose tests come with the package. `keys`: where one expects a key pair that its package leaves out. */
const SUITES = [
  { name: "http-proxy-agent 2", dir: inModules("http-proxy-agent-2"), runner: "mocha-6", args: ["test/test.js"] },
  { name: "needle 3", dir: inModules("needle"), runner: "mocha-6", args: ["test"], keys: "test/keys" },
];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    node: { type: "string", multiple: true, default: ["20"] },
    agent: { type: "string", default: join(ROOT, "../node/agent.cjs") },
    name: { type: "string" },
    dir: { type: "string" },
    runner: { type: "string", default: "mocha" },
  },
});

/** How a runner is told to note outcomes in a file. */
const REPORTERS = { mocha: ["--reporter", join(ROOT, "public/reporter.cjs")], jest: ["--reporters", join(ROOT, "public/jest-reporter.cjs")] };

/** The runner that the suite itself would find, or the one it is listed with. */
function runnerOf({ dir, runner = "mocha" }) {
  const manifest = createRequire(join(dir, "package.json")).resolve(`${runner}/package.json`);
  const { name, bin, version } = JSON.parse(readFileSync(manifest, "utf8"));
  const folder = dirname(manifest);
  return { name, folder, program: join(folder, bin._mocha ?? bin[name] ?? bin), version };
}

const lines = (file) => (existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line)) : []);

/** Adds up what the witnesses of all processes counted. */
function witnessed(folder) {
  const sum = {};
  for (const name of readdirSync(folder)) {
    for (const [channel, count] of Object.entries(JSON.parse(readFileSync(join(folder, name), "utf8")))) sum[channel] = (sum[channel] ?? 0) + count;
  }
  return sum;
}

async function run({ suite, node, base, side, agent }) {
  const [work, spool] = [join(base, side), join(base, side, "spool")];
  const witness = join(work, "witness");
  mkdirSync(witness, { recursive: true });
  createSpool(spool);
  const { name, folder, program } = runnerOf(suite);
  const preload = [join(ROOT, "public/witness.cjs"), ...(agent ? [agent] : [])];
  const env = {
    ...process.env,
    PATH: `${dirname(node)}:${process.env.PATH}`,
    NODE_ENV: "test",
    NO_COLOR: "1",
    MOCHA: folder,
    OUTCOMES: join(work, "outcomes"),
    WITNESS: witness,
    NODE_OPTIONS: preload.map((file) => `--require "${file}"`).join(" "),
    ...(agent && { FLAKESCOPE_SPOOL: spool, FLAKESCOPE_RUN_ID: RUN_ID }),
  };
  const started = process.hrtime.bigint();
  const result = await execute(node, [program, ...REPORTERS[name], ...suite.args], { cwd: suite.dir, env, limitMs: LIMIT_MS });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const text = normaliser({ nodeVersion: "no version", places: { "<work>": work } });
  return {
    seconds,
    exit: result.timedOut ? "over the limit" : (result.signal ?? result.code),
    stdout: printed(result.stdout, text),
    stderr: printed(result.stderr, text),
    outcomes: lines(join(work, "outcomes")).map(({ outcome, title, error }) => `${outcome} ${title}${error ? `: ${text(error)}` : ""}`),
    witness: witnessed(witness),
    segments: readSegments(spool),
  };
}

/**
 * Lines without their indentation and numbers, sorted: where among later tests Mocha tells the late failure of an earlier one
 * is chance in every suite that has such a test.
 */
const printed = (text, normalise) => output(text, normalise).split("\n").map((line) => line.trim().replace(/^\d+\) /, "")).sort();
const seen = ({ exit, stdout, stderr, outcomes }) => ({ exit, outcomes: [...outcomes].sort(), stdout, stderr });
const count = (outcomes, word) => outcomes.filter((line) => line.startsWith(`${word} `)).length;

/** What the recording must agree with: the runner's events and the channels of Node. */
function figures({ outcomes, segments, witness }) {
  const { spans } = merge(segments);
  const attempts = spans.filter((span) => typeOf(span) === "attempt");
  const exchanges = spans.filter((span) => typeOf(span) === "exchange" && span.attrs["flakescope.mocked"] === undefined);
  const fixtures = spans.filter((span) => typeOf(span) === "fixture" && span.attrs["test.case.result.status"] === "fail");
  const answered = exchanges.filter((span) => span.attrs["http.response.status_code"] !== undefined);
  const by = (client) => answered.filter((span) => (span.attrs["flakescope.client"] === "node:http") === client).length;
  return {
    "tests by the runner": count(outcomes, "pass") + count(outcomes, "fail") + count(outcomes, "pending"),
    "attempts recorded": attempts.filter((span) => !span.attrs["flakescope.attempt.retried"]).length,
    "failures outside of tests by the runner": count(outcomes, "fail-hook"),
    "fixtures recorded as failed": fixtures.length,
    "attempts unfinished": attempts.filter((span) => span.end === undefined).length,
    exchanges: exchanges.length,
    "answers seen by Node (http)": witness["http.client.response.finish"],
    "answers recorded (http)": by(true),
    "answers seen by Node (undici)": witness["undici:request:headers"],
    "answers recorded (undici)": by(false),
    "exchanges never ended": exchanges.filter((span) => span.end === undefined).length,
    "breaches of the contract": violations(segments).length,
  };
}

/** Puts the test server's key pair where the suite looks for one. */
function provideKeys({ dir, keys }) {
  if (keys === undefined) return;
  mkdirSync(join(dir, keys), { recursive: true });
  for (const part of ["key", "cert"]) copyFileSync(join(ROOT, `server/test-${part}.pem`), join(dir, keys, `ssl.${part}`));
}

async function examine(suite, major) {
  provideKeys(suite);
  const node = nodeBinary(major);
  const base = mkdtempSync(join(tmpdir(), "flakescope-public-"));
  const first = await run({ suite, node, base, side: "plain-1" });
  const second = await run({ suite, node, base, side: "plain-2" });
  const watched = await run({ suite, node, base, side: "watched", agent: resolve(options.agent) });
  rmSync(base, { recursive: true, force: true });
  const noise = compare(seen(first), seen(second));
  const differences = compare(seen(first), seen(watched)).filter((line) => !noise.includes(line));
  console.log(`\n## ${suite.name}, ${runnerOf(suite).name} ${runnerOf(suite).version}, Node ${major}\n`);
  const rows = { exit: watched.exit, pass: count(watched.outcomes, "pass"), fail: count(watched.outcomes, "fail"), pending: count(watched.outcomes, "pending"), ...figures(watched) };
  for (const [name, value] of Object.entries(rows)) console.log(`- ${name}: ${value}`);
  console.log(`- seconds without, with the agent: ${[first, second, watched].map(({ seconds }) => seconds.toFixed(1)).join(", ")}`);
  for (const [title, list] of Object.entries({ "own noise": noise, "differs with the agent": differences, breach: violations(watched.segments).slice(0, 10) })) {
    for (const line of list) console.log(`- ${title}: ${line}`);
  }
  const counted = rows["tests by the runner"] === rows["attempts recorded"] && rows["failures outside of tests by the runner"] === rows["fixtures recorded as failed"];
  // A suite that differs from itself says nothing about the agent but whether it counted right.
  return counted && (noise.length > 0 || differences.length === 0);
}

async function main() {
  const chosen = options.dir ? [{ name: options.name ?? options.dir, dir: resolve(options.dir), runner: options.runner, args: positionals }] : SUITES;
  const results = [];
  for (const suite of chosen) for (const major of options.node) results.push(await examine(suite, major));
  const passed = results.filter(Boolean).length;
  console.log(`\n${passed} passed, ${results.length - passed} failed`);
  process.exitCode = passed === results.length ? 0 : 1;
}

await main();
