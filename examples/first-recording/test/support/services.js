// Starts stand-ins for the services that the shop calls, and stops them after the last test.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../services/main.js", import.meta.url));

/** Addresses by the name of the service, once `mochaGlobalSetup` is done. */
export const services = {};

let standIns;

export async function mochaGlobalSetup() {
  standIns = spawn(process.execPath, [main], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: standIns.stdout }), "line");
  Object.assign(services, JSON.parse(line));
}

export async function mochaGlobalTeardown() {
  const exited = once(standIns, "exit");
  standIns.stdin.end();
  await exited;
}
