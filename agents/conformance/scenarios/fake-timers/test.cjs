const assert = require("node:assert");
const sinon = require("sinon");
const { call } = require("../call.cjs");

describe("fake timers", () => {
  let clock;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: 0, toFake: ["Date", "hrtime", "performance", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate", "queueMicrotask"] });
  });
  afterEach(() => clock.restore());

  it("stand still", async () => {
    assert.equal((await call("/json?still")).status, 200);
    assert.equal(Date.now(), 0);
  });
  it("jump", async () => {
    clock.tick(3_600_000);
    assert.equal((await call("/json?jump")).status, 200);
  });
});
