const assert = require("node:assert");
const { execFileSync, execSync, fork, spawn, spawnSync, exec } = require("node:child_process");
const { once } = require("node:events");
const { join } = require("node:path");
const { call } = require("../call.cjs");

const ask = join(__dirname, "ask.cjs");
const node = process.execPath;

/** Starts `ask.cjs` that asks for each line it is given; `next` gives a line and waits until it has the answer. */
function service() {
  const child = spawn(node, [ask, "lines"], { stdio: ["pipe", "pipe", "inherit"] });
  return {
    next: async (path) => {
      child.stdin.write(`${path}\n`);
      assert.equal(String((await once(child.stdout, "data"))[0]), `${path}\n`);
    },
    stop: () => (child.stdin.end(), once(child, "exit")),
  };
}

describe("descendants", () => {
  let shared;
  let own;
  let late;
  before(async () => {
    shared = service();
    await shared.next("/json?fixture");
  });

  describe("that end with their test", () => {
    it("spawned", async () => assert.deepEqual(await once(spawn(node, [ask, "once", "/json?spawned"]), "exit"), [0, null]));
    it("forked", async () => assert.deepEqual(await once(fork(ask, ["once", "/json?forked"], { silent: true }), "exit"), [0, null]));
    it("by a shell", async () => assert.deepEqual(await once(exec(`"${node}" "${ask}" once '/json?shell' && echo done`), "exit"), [0, null]));
    it("by a child of theirs", async () => assert.deepEqual(await once(spawn(node, [ask, "below", "/json?below"]), "close"), [0, null]));
    it("waited for", () => assert.equal(spawnSync(node, [ask, "once", "/json?sync"]).status, 0));
    it("waited for, by a shell", () => assert.match(String(execSync(`"${node}" "${ask}" once '/json?shell-sync'; true`)), /shell-sync/));
    it("waited for, by a child of theirs", () => assert.match(String(execFileSync(node, [ask, "below", "/json?below-sync"])), /below-sync/));
    it("from a hook", () => {});
    beforeEach(function hook() {
      if (this.currentTest.title === "from a hook") spawnSync(node, [ask, "once", "/json?hook"]);
    });
  });

  it("of a fixture ask while a test runs", () => shared.next("/json?of-the-fixture"));
  it("go on", () => {
    own = service();
    return own.next("/json?own");
  });
  it("serve the next test", () => own.next("/json?of-the-next"));
  it("leave their work behind", () => {
    late = call("/json?in-between").then(() => {});
  });
  after(async () => {
    await late;
    await own.next("/json?left");
    await own.stop();
    await shared.stop();
  });
});
