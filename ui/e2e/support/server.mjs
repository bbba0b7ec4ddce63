// Records suites and serves what was recorded, with the program under test. Plain JavaScript: the scripts use it too.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");
/** The example that the pages are shown on. */
const EXAMPLE = join(ROOT, "examples/insights");
/** A suite of our own, for what no example would do. It has no packages; the example's Mocha runs it. */
export const PROJECT = join(ROOT, "ui/e2e/project");
export const MOCHA = join(EXAMPLE, "node_modules/.bin/mocha");

const PROGRAM = resolve(process.env.FLAKESCOPE ?? join(ROOT, "target/debug/flakescope"));

/** What whoever records is called, whatever machine this is: it stands in the pages and in their pictures. */
const TAGS = {
  "vcs.change.url": "https://example.com/acme/insights/pull/482",
  "vcs.ref.head.name": "retry-insights",
  actor: "mira",
  "user.name": "Mira",
  "user.email": "mira@acme.test",
};

export function newStore() {
  return mkdtemp(join(tmpdir(), "flakescope-ui-"));
}

/** Starts to record a command. `done` gives its exit code and what was said on the way. */
export function record(store, { folder, command, options = [], env = {} }) {
  const child = spawn(PROGRAM, ["run", "--store", store, ...options, "--", ...command], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      said += chunk;
    });
  }
  const done = once(child, "close").then(([code]) => ({ code, said }));
  return { done, stop: () => child.kill("SIGINT") };
}

/** Records a good day of the example, and a bad one. */
export async function recordExample(store) {
  const tags = Object.entries(TAGS).flatMap(([key, value]) => ["--tag", `${key}=${value}`]);
  for (const day of ["good", "bad"]) {
    const run = { folder: EXAMPLE, command: ["npx", "mocha"], options: tags, env: { SERVICES: day } };
    const { code, said } = await record(store, run).done;
    if ((code === 0) !== (day === "good")) throw new Error(`on a ${day} day the example exited with ${code}:\n${said}`);
  }
}

/** Serves a store on a free port. Gives its address, and how to stop it. */
export async function serve(store) {
  const child = spawn(PROGRAM, ["serve", "--store", store, "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const address = await new Promise((found, failed) => {
    let said = "";
    const look = (chunk) => {
      said += chunk;
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (match !== null) found(match[0]);
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.once("close", () => failed(new Error(`the server ended:\n${said}`)));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await once(child, "close");
  };
  return { address, stop };
}

export async function remove(store) {
  await rm(store, { recursive: true, force: true });
}
