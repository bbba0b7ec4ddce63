const assert = require("node:assert");
const fs = require("node:fs");
const mock = require("mock-fs");
const { call } = require("../call.cjs");

describe("mocked file system", () => {
  beforeEach(() => mock({ "/data/file": "mocked" }));
  afterEach(() => mock.restore());

  it("has only its own files", async () => {
    assert.equal((await call("/json")).status, 200);
    assert.equal(fs.readFileSync("/data/file", "utf8"), "mocked");
    assert.deepEqual(fs.readdirSync("/data"), ["file"]);
  });
});
