// Records an example and serves it, with the program under test. Plain JavaScript: the screenshots' script uses it too.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");

/** An example, and the settings that say what its stand-ins stand for. */
export const SMALL = { folder: join(ROOT, "examples/first-recording"), config: "flakescope.declared.toml" };
export const WHOLE = { folder: join(ROOT, "examples/insights"), config: "flakescope.toml" };

const PROGRAM = resolve(process.env.FLAKESCOPE ?? join(ROOT, "target/debug/flakescope"));

/** Runs the program to its end; the command's own failures are what is recorded. */
async function run(folder, args, env) {
  const child = spawn(PROGRAM, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, "close");
  return { code, said };
}

/** A store with a good day, and a bad day of an example. */
export async function record({ folder, config } = SMALL) {
  const store = await mkdtemp(join(tmpdir(), "flakescope-ui-"));
  const declared = ["run", "--store", store, "--config", config];
  const change = ["--tag", "vcs.change.url=https://example.com/acme/shop/pull/482"];
  const good = await run(folder, [...declared, "--", "npx", "mocha"], { SERVICES: "good" });
  if (good.code !== 0) throw new Error(`the example failed on a good day:\n${good.said}`);
  await run(folder, [...declared, ...change, "--", "npx", "mocha"], { SERVICES: "bad" });
  return store;
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
