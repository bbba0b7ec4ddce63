const assert = require("node:assert");
const { spawnSync } = require("node:child_process");
const { join } = require("node:path");

/** What `proxyquire`, `decache` and hand-written helpers do between tests, to all that was ever loaded. */
function forgetAll() {
  for (const file of Object.keys(require.cache)) delete require.cache[file];
  return require("../call.cjs");
}

describe("cache cleared", () => {
  for (const name of ["first", "second"]) {
    it(`calls as the ${name}`, async () => {
      const { call } = forgetAll();
      assert.equal((await call(`/json?${name}`)).status, 200);
    });
    it(`fetches as the ${name}`, async () => {
      forgetAll();
      assert.equal((await fetch(`${process.env.SERVER_URL}/json?fetch-${name}`)).status, 200);
    });
    it(`starts a process as the ${name}`, () => {
      forgetAll();
      assert.equal(spawnSync(process.execPath, [join(__dirname, "../descendants/ask.cjs"), "once", `/json?process-${name}`]).status, 0);
    });
  }
});
