// Runs one command to its end, never longer than its limit, and keeps what it printed.
import { spawn } from "node:child_process";

/** How long output may still arrive from grandchildren after the command itself has ended. */
const LINGER_MS = 5_000;

/**
 * Runs `file` with `args` in a process group of its own.
 * Resolves to `{code, signal, stdout, stderr, timedOut}`; rejects only if the command cannot be started.
 */
export function execute(file, args, { cwd, env, limitMs }) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: [], stderr: [] };
    for (const name of ["stdout", "stderr"]) child[name].on("data", (chunk) => output[name].push(chunk));
    let timedOut = false;
    let linger;
    const limit = setTimeout(() => {
      timedOut = true;
      killGroup(child.pid);
    }, limitMs);
    const finish = () => {
      clearTimeout(limit);
      clearTimeout(linger);
      const text = (name) => Buffer.concat(output[name]).toString("utf8");
      resolve({ code: child.exitCode, signal: child.signalCode, stdout: text("stdout"), stderr: text("stderr"), timedOut });
    };
    child.on("error", reject);
    child.on("close", finish);
    child.on("exit", () => {
      linger = setTimeout(() => {
        killGroup(child.pid);
        finish();
      }, LINGER_MS);
    });
  });
}

function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group has ended by itself.
  }
}

/** Starts the test server as a child without an agent. Resolves to its ports and a function that ends it. */
export function startServer(node, script, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [script], { env, stdio: ["pipe", "pipe", "inherit"] });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the test server ended with ${code}`)));
    let line = "";
    child.stdout.on("data", (chunk) => {
      line += chunk;
      if (!line.includes("\n")) return;
      const stop = () =>
        new Promise((stopped) => {
          // One that has ended by itself says so only once.
          if (child.exitCode !== null || child.signalCode !== null) return stopped();
          child.on("exit", stopped);
          child.stdin.end();
        });
      resolve({ ...JSON.parse(line), stop });
    });
  });
}
