const assert = require("node:assert");
const { call } = require("../call.cjs");

describe("concurrent", () => {
  it("waits for four calls", async () => {
    const paths = ["/slow?ms=60", "/slow?ms=20", "/json?a", "/json?b"];
    const answers = await Promise.all(paths.map((path) => call(path)));
    assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200]);
  });
});
