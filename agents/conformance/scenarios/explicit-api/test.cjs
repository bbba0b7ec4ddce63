const assert = require("node:assert");
const { step, tag } = require("../../../node/api.cjs");
const { call } = require("../call.cjs");

tag("suite", "conformance");

describe("explicit", () => {
  it("has steps", async () => {
    tag("tenant", "blue");
    const total = await step("fill the basket", async () => {
      await step("add a book", () => call("/json?book"));
      return 2;
    });
    assert.equal(total, 2);
    assert.equal(step("count", () => 3), 3);
    await call("/json?after-the-steps");
  });
  it("fails in a step", () => step("pay", async () => assert.equal((await call("/503")).status, 200, "unavailable")));
  it("fails in a step that is not async", () => {
    step("add up", () => {
      throw new RangeError("too much");
    });
  });
});
