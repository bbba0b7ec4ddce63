// What a scenario for Python is: a folder with `scenario.json`, the tests it runs, and `expected.json`.
//
//   about        one sentence: what an agent could get wrong here
//   command      the first word `pytest`, `python` or `env`; the rest are its arguments
//   env          added to the command's environment; `PYTHONPATH` there is the project's own
//   servers      servers beside HTTP and HTTPS: `http2`, `grpc`, `websocket`; SERVER_HTTP2 and so on is their address
//   path         "last": our folder stands behind the project's own on PYTHONPATH
//   unordered    why the order of traces and of output lines is chance
//   unwitnessed  why the server's log is not held against the recording
//   uncounted    why the runner's counts are not those of the recording
//   compared     {"keys": […], "reason": "…"}: only these keys of the recording are compared
//   skipped      {"python": ["3.13"], "reason": "…"}: versions on which the scenario cannot run
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "../../lib/format.mjs";

export const PYTHON = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const FOLDER = join(PYTHON, "scenarios");
const KEYS = new Set("about command env servers path unordered unwitnessed uncounted compared skipped".split(" "));

function load(name) {
  const dir = join(FOLDER, name);
  const scenario = JSON.parse(readFileSync(join(dir, "scenario.json"), "utf8"));
  const wrong = Object.keys(scenario).filter((key) => !KEYS.has(key));
  if (wrong.length > 0) throw new Error(`${name}/scenario.json has unknown keys: ${wrong}`);
  return { command: ["pytest"], ...scenario, name, dir };
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
