const assert = require("node:assert");
const { call } = require("../call.cjs");

describe("older runner", () => {
  before(() => call("/json?before"));
  beforeEach(() => call("/json?before-each"));
  after(() => call("/json?after"));

  it("passes", () => call("/json?test"));
  it("fails", async () => assert.equal((await call("/503")).status, 200, "unavailable"));
  it("passes at the second try", async function () {
    this.retries(1);
    assert.equal((await call("/flaky?key=older")).status, 200, "not yet");
  });
  it.skip("is skipped", () => {});
});
