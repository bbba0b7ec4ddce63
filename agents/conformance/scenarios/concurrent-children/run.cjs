const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { join } = require("node:path");
const { Worker } = require("node:worker_threads");
const { test } = require("../../../node/api.cjs");

const process_ = (path) => once(spawn(process.execPath, [join(__dirname, "../descendants/ask.cjs"), "once", path]), "exit");
const thread = (path) => once(new Worker(join(__dirname, "thread.cjs"), { workerData: path }), "exit");

async function main() {
  await Promise.all([
    test("one", () => process_("/json?one")),
    test("two", () => process_("/json?two")),
    test("three", () => thread("/json?three")),
    test("four", () => thread("/json?four")),
  ]);
  await process_("/json?nobody");
}

main();
