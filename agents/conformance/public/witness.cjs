// Counts the calls of a process by Node's own diagnostics channels: the witness when no server of ours answers.
// Written at exit, by a process that exits at all, to a file of its own in the folder WITNESS.
const channels = require("node:diagnostics_channel");
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

const counts = {};
for (const name of ["http.client.request.start", "http.client.response.finish", "undici:request:headers"]) {
  counts[name] = 0;
  channels.subscribe(name, () => {
    counts[name] += 1;
  });
}
process.on("exit", () => writeFileSync(join(process.env.WITNESS, `${process.pid}.json`), JSON.stringify(counts)));
