// What a scenario is: a folder with `scenario.json`, the tests it runs, and `expected.json`.
//
//   about        one sentence: what an agent could get wrong here
//   files        the scenario whose files are run; only the way to run them is another
//   command      first word a runner of `lib/runner.mjs`, `node`, or a file of the scenario; the rest are its arguments
//   runners      {"jest": {}}: families of runners (lib/runner.mjs) that run the same files and must record the same;
//                with "args" of its own, "own": why this family's recording is another, kept in expected.<family>.json,
//                and "unordered", "uncounted" or "loud" as below
//   on           versions of Node to try it on with each runner, where they are not the runner's own choice
//   env          added to the command's environment
//   servers      servers beside HTTP and HTTPS: `http2`, `grpc`, `websocket`; SERVER_HTTP2 and so on is their address
//   preload      files of the scenario that are required before the agent, with and without it
//   node_options NODE_OPTIONS of the project's own
//   run          keys of run.json that differ from the usual ones
//   unordered    why the order of traces and of output lines is chance
//   unwitnessed  why the server's log is not held against the recording
//   uncounted    why the runner's counts are not those of the recording
//   loud         why the output differs from a run without agent
//   afterwards   a file in WORK that appears when everything is over, after the spool was removed
//   disk_bytes   put the spool on a disk of this size (needs root)
//   compared     {"keys": […], "reason": "…"}: only these keys of the recording are compared
//   skipped      {"node": [26], "reason": "…"}: versions on which the scenario cannot run at all
//   differences  facts of a version: [{"node": [20], "at": "/json/pointer", "value": …, "reason": "…"}]; with "runner":
//                ["jest-29"] of these runners only, and then "node" may be left out
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "./format.mjs";
import { nodesFor, sharedCommand, versionsOf } from "./runner.mjs";

export const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const FOLDER = join(ROOT, "scenarios");
const KEYS = new Set("about files command runners on env servers preload node_options run unordered unwitnessed uncounted loud afterwards disk_bytes compared skipped differences".split(" "));

function load(name) {
  const dir = join(FOLDER, name);
  const scenario = JSON.parse(readFileSync(join(dir, "scenario.json"), "utf8"));
  const wrong = Object.keys(scenario).filter((key) => !KEYS.has(key));
  if (wrong.length > 0) throw new Error(`${name}/scenario.json has unknown keys: ${wrong}`);
  return { ...scenario, name, dir: join(FOLDER, scenario.files ?? name), home: dir };
}

/**
 * The scenario itself, then one variant for each version of each runner that shares its files. A variant is held against
 * the recording of another runner, or of its own family, and so only in what does not depend on the runner.
 */
function variants(scenario) {
  const others = Object.entries(scenario.runners ?? {}).flatMap(([family, { args, own, ...reasons }]) =>
    versionsOf(family).map(([runner, nodes]) => ({
      ...scenario,
      ...reasons,
      name: `${scenario.name}@${runner}`,
      command: sharedCommand(runner, scenario.command, args),
      variant: true,
      family: own && family,
      nodes: scenario.on ?? nodes,
    })),
  );
  const [first] = scenario.command;
  return [{ ...scenario, nodes: scenario.on ?? nodesFor(scenario.command) }, ...others.filter(({ command }) => command[0] !== first)];
}

/**
 * All scenarios and their variants in order of name, or those whose name is in `only`: `retries` stands for the
 * scenario with every runner, `retries@jest-30` for one of them, `@jest-30` for every scenario of that runner.
 */
export function loadScenarios(only) {
  const names = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, "scenario.json"))).sort();
  const all = names.map(load).flatMap(variants);
  const matches = ({ name, command: [runner] }, word) => {
    const [story] = name.split("@");
    return [name, story, `@${runner}`, `${story}@${runner}`].includes(word);
  };
  const unknown = only.filter((word) => !all.some((scenario) => matches(scenario, word)));
  if (unknown.length > 0) throw new Error(`no scenario named ${unknown}`);
  return all.filter((scenario) => only.length === 0 || only.some((word) => matches(scenario, word)));
}

const expectedFile = ({ home, family }) => join(home, family ? `expected.${family}.json` : "expected.json");

/** The expected recording, or `undefined` when there is none yet. */
export function readExpected(scenario) {
  const file = expectedFile(scenario);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** A variant that must record the same as its scenario has nothing of its own to write. */
export function writeExpected(scenario, value) {
  if (!scenario.variant || scenario.family) writeFileSync(expectedFile(scenario), `${format(value)}\n`);
}

/** Path of the Node binary of a major version, as `npm ci` installs it. */
export const nodeBinary = (major) => join(ROOT, "node_modules", `node-${major}`, "bin", "node");
