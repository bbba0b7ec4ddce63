const { spawn } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");

/** Waits until `file` is there: the daemon has done its first call. */
const appears = (file) =>
  new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!existsSync(file)) return;
      clearInterval(timer);
      resolve();
    }, 10);
  });

describe("daemon", () => {
  it("is started", async () => {
    spawn(process.execPath, [join(__dirname, "daemon.cjs")], { detached: true, stdio: "ignore" }).unref();
    await appears(join(process.env.WORK, "daemon.started"));
  });
});
