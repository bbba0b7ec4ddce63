const assert = require("node:assert");
const { call } = require("../call.cjs");

describe("full disk", () => {
  for (let number = 1; number <= 40; number += 1) {
    it(`is test ${number}`, async () => assert.equal((await call(`/gzip?test=${number}`)).status, 200));
  }
  it("fails as it would", async () => assert.equal((await call("/503")).status, 200, "unavailable"));
});
