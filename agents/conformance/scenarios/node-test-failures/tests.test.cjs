const assert = require("node:assert");
const { test } = require("node:test");
const { call } = require("../call.cjs");

test("differs", async () => assert.deepEqual(JSON.parse((await call("/json")).body), { answer: 42 }));
test("takes too long", { timeout: 300 }, (t) => call("/hang", { signal: t.signal }));
test("throws what is no error", () => {
  throw "a text";
});
test("fails outside", () => new Promise(() => setImmediate(() => {
  throw new Error("outside");
})));
test("fails inside", async (t) => {
  await t.test("the inner one", async () => assert.equal((await call("/503")).status, 200));
});
