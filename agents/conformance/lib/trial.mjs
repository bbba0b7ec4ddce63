// One scenario on one version of Node: run it without and with the agent, and check what came out.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { compare, expectedOn } from "./compare.mjs";
import { execute, startServer } from "./execute.mjs";
import { violations } from "./invariants.mjs";
import { merge } from "./merge.mjs";
import { normalise, typeOf } from "./normalise.mjs";
import { contradictions, readServerLog } from "./oracle.mjs";
import { portable } from "./portable.mjs";
import { commandLine, counted } from "./runner.mjs";
import { ROOT, nodeBinary } from "./scenario.mjs";
import { KEY, RUN_ID, createSpool, readSegments } from "./spool.mjs";
import { normaliser, output, ownFrames } from "./text.mjs";

/** No scenario may take longer, whatever the agent does. */
const LIMIT_MS = 60_000;
const AFTERWARDS_MS = 15_000;
const POLL_MS = 20;
/** The server's own Node: one for all trials, so that its headers never differ. */
const SERVER_NODE = 24;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function environment({ scenario, node, work, server, extra }) {
  return {
    PATH: `${dirname(node)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: work,
    TMPDIR: work,
    WORK: work,
    LANG: "C.UTF-8",
    NO_COLOR: "1",
    SERVER_URL: `http://127.0.0.1:${server.http}`,
    SERVER_URL_TLS: `https://127.0.0.1:${server.https}`,
    ...Object.fromEntries((scenario.servers ?? []).map((name) => [`SERVER_${name.toUpperCase()}`, `127.0.0.1:${server[name]}`])),
    ...scenario.env,
    ...extra,
  };
}

/** Requires the scenario's own preloads and then the agent, when there is one. */
function nodeOptions({ preload = [], node_options: own, dir }, agent) {
  const files = [...preload.map((file) => join(dir, file)), ...(agent ? [agent] : [])];
  return [...files.map((file) => `--require "${file}"`), ...(own ? [own] : [])].join(" ");
}

/** Waits for the file that a process which outlives the run leaves behind. */
async function readAfterwards(file) {
  const deadline = Date.now() + AFTERWARDS_MS;
  while (!existsSync(file) && Date.now() < deadline) await pause(POLL_MS);
  return existsSync(file) ? readFileSync(file, "utf8") : "nothing within the limit";
}

/** Runs the scenario's command once against a server of its own. */
async function once({ scenario, node, work, extra, beforeEnd }) {
  mkdirSync(work, { recursive: true });
  const log = join(work, "server.log");
  const server = await startServer(nodeBinary(SERVER_NODE), join(ROOT, "server/server.mjs"), {
    PATH: process.env.PATH, SERVER_LOG: log, SERVER_KEY: KEY, ...(scenario.servers && { SERVER_ALSO: scenario.servers.join() }),
  });
  try {
    const env = environment({ scenario, node, work, server, extra });
    const [file, args] = commandLine(scenario, { node, root: ROOT });
    const result = await execute(file, args, { cwd: scenario.dir, env, limitMs: LIMIT_MS });
    beforeEnd?.();
    if (scenario.afterwards) result.afterwards = await readAfterwards(join(work, scenario.afterwards));
    return { ...result, server };
  } finally {
    await server.stop();
  }
}

/** Puts a small file system at `path` for as long as `body` runs. */
async function onDisk(path, bytes, body) {
  mkdirSync(path, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes},mode=0700`, "tmpfs", path]);
  try {
    return await body();
  } finally {
    execFileSync("umount", ["-l", path]);
  }
}

async function recorded({ scenario, node, work, agent }) {
  const spool = join(work, "spool");
  const run = async () => {
    createSpool(spool, scenario.run);
    const extra = { FLAKESCOPE_SPOOL: spool, FLAKESCOPE_RUN_ID: RUN_ID, NODE_OPTIONS: nodeOptions(scenario, agent) };
    let segments;
    const beforeEnd = () => {
      segments = readSegments(spool);
      if (scenario.afterwards) rmSync(spool, { recursive: true, force: true });
    };
    const result = await once({ scenario, node, work, extra, beforeEnd });
    return { ...result, segments, calls: readServerLog(join(work, "server.log")) };
  };
  return scenario.disk_bytes ? onDisk(spool, scenario.disk_bytes, run) : run();
}

/** Differences between what a run printed and returned with and without the agent. */
function interference(plain, watched, { unordered }) {
  const lines = (text) => (unordered ? text.split("\n").sort() : text.split("\n"));
  const seen = ({ code, signal, stdout, stderr, afterwards }) => ({ code, signal, stdout: lines(stdout), stderr: lines(stderr), afterwards });
  return compare(seen(plain), seen(watched));
}

/** The runner's own counts against the attempts and fixtures that were recorded. */
function miscounts(scenario, printed, segments) {
  const expected = counted(scenario, printed);
  if (!expected) return [];
  const { spans } = merge(segments);
  const status = (span) => span.attrs["test.case.result.status"];
  const attempts = spans.filter((span) => typeOf(span) === "attempt");
  const failures = spans.filter((span) => expected.failures.includes(typeOf(span)) && status(span) === "fail" && !span.attrs["flakescope.attempt.retried"]);
  const actual = {
    passing: attempts.filter((span) => status(span) === "pass").length,
    failing: failures.length,
    pending: attempts.filter((span) => status(span) === "skip").length,
  };
  return compare(expected.counts, actual);
}

/**
 * What of a recording is compared, as plain JSON. `gap kinds` stands for the kinds without their counts.
 * A variant is held against the recording of another runner.
 */
function comparable(recording, { compared, variant }) {
  if (variant) recording = portable(recording);
  const all = { ...recording, "gap kinds": Object.keys(recording.gaps ?? {}) };
  const keys = compared?.keys ?? Object.keys(recording);
  return JSON.parse(JSON.stringify(Object.fromEntries(keys.map((key) => [key, all[key]]))));
}

/**
 * Runs one trial in `work`. Resolves to `{checks, recording, printed}`:
 * `checks` is a list of `[name, complaints]`, `recording` what would be written as expected.
 */
export async function trial({ scenario, major, work, agent, expected }) {
  const node = nodeBinary(major);
  const nodeVersion = execFileSync(node, ["-p", "process.versions.node"], { encoding: "utf8" }).trim();
  const textFor = (side) => normaliser({ nodeVersion, places: { "<dir>": scenario.dir, "<suite>": ROOT, "<work>": side, "<node>": node, "<agent>": dirname(agent) } });
  const sides = { plain: join(work, "plain"), watched: join(work, "watched") };
  const plain = await once({ scenario, node, work: sides.plain, extra: { NODE_OPTIONS: nodeOptions(scenario) } });
  const watched = await recorded({ scenario, node, work: sides.watched, agent });
  const printed = { ...watched, segments: undefined };
  if (plain.timedOut || watched.timedOut) {
    const who = plain.timedOut ? "without agent" : "with agent";
    return { checks: [["limit", [`not over after ${LIMIT_MS / 1000} s ${who}`]]], printed };
  }
  const clean = (run, side) => ({ ...run, stdout: output(run.stdout, textFor(side)), stderr: output(run.stderr, textFor(side)) });
  const { segments } = watched;
  const { code, signal, afterwards } = watched;
  const printedText = textFor(sides.watched);
  const whole = { exit: signal ?? code, afterwards, ...normalise(segments, { text: (text) => ownFrames(printedText(text)), unordered: Boolean(scenario.unordered) }) };
  const recording = comparable(whole, scenario);
  const wanted = expected && expectedOn({ major, runner: scenario.command[0] }, scenario.variant ? portable(expected) : expected, scenario.differences);
  const checks = [
    scenario.loud ? undefined : ["same outcome", interference(clean(plain, sides.plain), clean(watched, sides.watched), scenario)],
    ["contract", violations(segments)],
    scenario.unwitnessed ? undefined : ["server's witness", contradictions(segments, watched.calls, ["http", "https", "http2"].map((name) => watched.server[name]).filter(Boolean))],
    scenario.uncounted ? undefined : ["counts", miscounts(scenario, watched, segments)],
    ["recording", wanted ? compare(wanted, recording) : ["there is no expected.json"]],
  ];
  return { checks: checks.filter(Boolean), recording, printed };
}
