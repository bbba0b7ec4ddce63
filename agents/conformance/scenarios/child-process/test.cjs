const assert = require("node:assert");
const { execFileSync } = require("node:child_process");
const { join } = require("node:path");

describe("children", () => {
  it("call by themselves", () => {
    assert.equal(execFileSync(process.execPath, [join(__dirname, "child.cjs")], { encoding: "utf8" }), "200");
  });
});
