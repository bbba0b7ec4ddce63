const assert = require("node:assert");
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { join } = require("node:path");

const ask = [join(__dirname, "../descendants/ask.cjs"), "once", "/json?stripped"];
const env = { SERVER_URL: process.env.SERVER_URL, PATH: process.env.PATH };

describe("stripped child", () => {
  it("with an environment of its own", async () => assert.deepEqual(await once(spawn(process.execPath, ask, { env }), "exit"), [0, null]));
  it("by env -i", async () => {
    const child = spawn("env", ["-i", `SERVER_URL=${env.SERVER_URL}`, process.execPath, ...ask]);
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });
  it("with all of it", async () => assert.deepEqual(await once(spawn(process.execPath, ask, { env: { ...process.env, OWN: "1" } }), "exit"), [0, null]));
});
