const assert = require("node:assert");
const { call } = require("../call.cjs");

describe("search", () => {
  it("finds after a retry", async () => {
    const first = await call("/flaky?key=one");
    assert.equal(first.status, 500);
    const second = await call("/flaky?key=one");
    assert.equal(second.status, 200);
  });
});
