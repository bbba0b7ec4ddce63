// Outlives the run: calls once while the spool is there and three times after it was removed.
const { existsSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { call } = require("../call.cjs");

const POLL_MS = 10;
const file = (name) => join(process.env.WORK, name);
const spool = process.env.FLAKESCOPE_SPOOL;

async function main() {
  await call("/json?early");
  writeFileSync(file("daemon.started"), "");
  while (spool && existsSync(spool)) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  const statuses = [];
  for (const number of [1, 2, 3]) statuses.push((await call(`/json?late=${number}`)).status);
  return `answered ${statuses}`;
}

const leave = (text) => {
  writeFileSync(file("daemon.result.part"), text);
  renameSync(file("daemon.result.part"), file("daemon.result"));
};
process.on("uncaughtException", (error) => leave(error.stack));
main().then(leave, (error) => leave(error.stack));
