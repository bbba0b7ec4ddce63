const assert = require("node:assert");
const { call } = require("../call.cjs");

describe("flaky", function () {
  this.retries(2);
  beforeEach(() => call("/json?setup"));

  it("passes at the second try", async () => assert.equal((await call("/flaky?key=retries")).status, 200, "not yet"));
  it("never passes", async () => assert.equal((await call("/503")).status, 200, "unavailable"));
});
