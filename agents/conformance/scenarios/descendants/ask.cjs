// Asks for what it is told to, once for each line on its standard input where it is told to go on.
const { spawn } = require("node:child_process");
const readline = require("node:readline");
const { call } = require("../call.cjs");

const [how, path] = process.argv.slice(2);

async function ask(what) {
  // A connection of its own: whether an earlier one is free again in time is chance.
  await call(what, { agent: false });
  process.stdout.write(`${what}\n`);
}

if (how === "once") ask(path);
if (how === "below") spawn(process.execPath, [__filename, "once", path], { stdio: "inherit" });
if (how === "lines") readline.createInterface({ input: process.stdin }).on("line", ask);
