// What a scenario is: a folder with `scenario.json`, the tests it runs, and `expected.json`.
//
//   about        one sentence: what an agent could get wrong here
//   command      first word a runner of `lib/runner.mjs`, `node`, or a file of the scenario; the rest are its arguments
//   env          added to the command's environment
//   preload      files of the scenario that are required before the agent, with and without it
//   run          keys of run.json that differ from the usual ones
//   unordered    why the order of traces and of output lines is chance
//   unwitnessed  why the server's log is not held against the recording
//   uncounted    why the runner's counts are not those of the recording
//   loud         why the output differs from a run without agent
//   afterwards   a file in WORK that appears when everything is over, after the spool was removed
//   disk_bytes   put the spool on a disk of this size (needs root)
//   compared     {"keys": […], "reason": "…"}: only these keys of the recording are compared
//   skipped      {"node": [26], "reason": "…"}: versions on which the scenario cannot run at all
//   differences  facts of a version: [{"node": [20], "at": "/json/pointer", "value": …, "reason": "…"}]
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "./format.mjs";

export const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const FOLDER = join(ROOT, "scenarios");
const KEYS = new Set("about command env preload run unordered unwitnessed uncounted loud afterwards disk_bytes compared skipped differences".split(" "));

function load(name) {
  const dir = join(FOLDER, name);
  const scenario = JSON.parse(readFileSync(join(dir, "scenario.json"), "utf8"));
  const wrong = Object.keys(scenario).filter((key) => !KEYS.has(key));
  if (wrong.length > 0) throw new Error(`${name}/scenario.json has unknown keys: ${wrong}`);
  return { ...scenario, name, dir };
}

/** All scenarios in order of name, or those whose name is in `only`. */
export function loadScenarios(only) {
  const names = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, "scenario.json"))).sort();
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no scenario named ${unknown}`);
  return names.filter((name) => only.length === 0 || only.includes(name)).map(load);
}

const expectedFile = ({ dir }) => join(dir, "expected.json");

/** The expected recording, or `undefined` when there is none yet. */
export function readExpected(scenario) {
  const file = expectedFile(scenario);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

export function writeExpected(scenario, value) {
  writeFileSync(expectedFile(scenario), `${format(value)}\n`);
}

/** Path of the Node binary of a major version, as `npm ci` installs it. */
export const nodeBinary = (major) => join(ROOT, "node_modules", `node-${major}`, "bin", "node");
