// One scenario under one Python: run it without and with the agent, and check what came out.
import { mkdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { compare } from "../../lib/compare.mjs";
import { execute, startServer } from "../../lib/execute.mjs";
import { violations } from "../../lib/invariants.mjs";
import { merge } from "../../lib/merge.mjs";
import { normalise } from "../../lib/normalise.mjs";
import { contradictions, readServerLog } from "../../lib/oracle.mjs";
import { KEY, RUN_ID, createSpool, readSegments } from "../../lib/spool.mjs";
import { miscounts } from "./counts.mjs";
import { facts } from "./matrix.mjs";
import { PYTHON } from "./scenario.mjs";
import { normaliser, ownFrames } from "./text.mjs";

/** No scenario may take longer, whatever the agent does. */
const LIMIT_MS = 90_000;

/** Every pytest leaves nothing behind in the scenario's folder. */
const PYTEST = ["-p", "no:cacheprovider", "--rootdir", "."];

function commandLine({ command: [first, ...rest] }, python) {
  const bin = dirname(python);
  if (first === "pytest") return [join(bin, "pytest"), [...PYTEST, ...rest]];
  return [first === "python" ? python : first, rest.map((word) => word.replaceAll("{python}", python))];
}

function environment({ scenario, python, work, server, agent }) {
  const own = { PYTHONPATH: join(PYTHON, "clients"), ...scenario.env };
  const places = [agent?.path, own.PYTHONPATH && own.PYTHONPATH.replaceAll("{dir}", scenario.dir)];
  if (scenario.path === "last") places.reverse();
  return {
    PATH: `${dirname(python)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: work,
    TMPDIR: work,
    WORK: work,
    LANG: "C.UTF-8",
    NO_COLOR: "1",
    COLUMNS: "100",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONHASHSEED: "0",
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "never-in-spool",
    AWS_DEFAULT_REGION: "eu-west-1",
    SERVER_URL: `http://127.0.0.1:${server.http}`,
    SERVER_URL_TLS: `https://127.0.0.1:${server.https}`,
    ...Object.fromEntries((scenario.servers ?? []).map((name) => [`SERVER_${name.toUpperCase()}`, `127.0.0.1:${server[name]}`])),
    ...own,
    ...agent?.variables,
    PYTHONPATH: places.filter(Boolean).join(":"),
  };
}

/** Runs the scenario's command once against a server of its own. */
async function once({ scenario, python, work, agent }) {
  mkdirSync(work, { recursive: true });
  const log = join(work, "server.log");
  const script = join(PYTHON, "../server/server.mjs");
  const also = scenario.servers && { SERVER_ALSO: scenario.servers.join() };
  const server = await startServer(process.execPath, script, { PATH: process.env.PATH, SERVER_LOG: log, SERVER_KEY: KEY, ...also });
  try {
    const env = environment({ scenario, python, work, server, agent });
    const [file, args] = commandLine(scenario, python);
    const result = await execute(file, args, { cwd: scenario.dir, env, limitMs: LIMIT_MS });
    return { ...result, server, calls: () => readServerLog(log) };
  } finally {
    await server.stop();
  }
}

async function recorded({ scenario, python, work, agent }) {
  const spool = join(work, "spool");
  mkdirSync(work, { recursive: true });
  createSpool(spool);
  const variables = { FLAKESCOPE_SPOOL: spool, FLAKESCOPE_RUN_ID: RUN_ID };
  const result = await once({ scenario, python, work, agent: { path: agent, variables } });
  return { ...result, segments: readSegments(spool) };
}

/** Differences between what a run printed and returned with and without the agent. */
function interference(plain, watched, { unordered }) {
  // One character for each test, as they end.
  const progress = (line) => (/^[.FEsxX]+ +\[/.test(line) ? [...line].sort().join("") : line);
  const lines = (text) => (unordered ? text.split("\n").map(progress).sort() : text.split("\n"));
  const seen = ({ code, signal, stdout, stderr }) => ({ code, signal, stdout: lines(stdout), stderr: lines(stderr) });
  return compare(seen(plain), seen(watched));
}

/** Hooks of the agent that failed and were switched off: never right, even where the recording is as expected. */
function failedHooks(segments) {
  return merge(segments).gaps.filter(({ kind }) => kind === "agent-error").map(({ detail }) => `agent-error: ${detail}`);
}

/** What of a recording is compared, as plain JSON. */
function comparable(recording, { compared }) {
  const keys = compared?.keys ?? Object.keys(recording);
  return JSON.parse(JSON.stringify(Object.fromEntries(keys.map((key) => [key, recording[key]]))));
}

/** Resolves to `{checks, recording, printed, facts}`: `checks` is a list of `[name, complaints]`. */
export async function trial({ scenario, python, work, agent, expected }) {
  const venv = dirname(dirname(python));
  const home = dirname(dirname(realpathSync(python)));
  const textFor = (side) => normaliser({ "<dir>": scenario.dir, "<work>": side, "<venv>": venv, "<python>": home, "<agent>": agent, "<suite>": PYTHON });
  const sides = { plain: join(work, "plain"), watched: join(work, "watched") };
  const plain = await once({ scenario, python, work: sides.plain });
  const watched = await recorded({ scenario, python, work: sides.watched, agent });
  const printed = { stdout: watched.stdout, stderr: watched.stderr };
  if (plain.timedOut || watched.timedOut) return { checks: [["limit", ["not over within the limit"]]], printed };
  const clean = (run, side) => ({ ...run, stdout: textFor(side)(run.stdout), stderr: textFor(side)(run.stderr) });
  const { segments, code, signal } = watched;
  const text = (raw) => ownFrames(textFor(sides.watched)(raw));
  const whole = { exit: signal ?? code, ...normalise(segments, { text, unordered: Boolean(scenario.unordered) }) };
  const recording = comparable(whole, scenario);
  const checks = [
    ["same outcome", interference(clean(plain, sides.plain), clean(watched, sides.watched), scenario)],
    ["contract", [...violations(segments), ...failedHooks(segments)]],
    scenario.unwitnessed ? undefined : ["server's witness", contradictions(segments, watched.calls(), ["http", "https", ...(scenario.servers ?? [])].map((name) => watched.server[name]))],
    scenario.uncounted ? undefined : ["counts", miscounts(watched, segments)],
    ["recording", expected ? compare(expected, recording) : ["there is no expected.json"]],
  ];
  return { checks: checks.filter(Boolean), recording, printed, facts: facts(segments) };
}
