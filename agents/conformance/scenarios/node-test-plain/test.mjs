import assert from "node:assert";
import { get } from "node:http";
import { createRequire } from "node:module";
import test, { after, afterEach, before, beforeEach, describe, it, mock } from "node:test";

const { call } = createRequire(import.meta.url)("../call.cjs");

before(() => call("/json?before=file"));
after(() => call("/json?after=file"));

describe("hooks", () => {
  before(function prepare() {
    return call("/json?before=suite");
  });
  beforeEach(() => call("/json?each=setup"));
  afterEach(() => call("/json?each=teardown"));

  it("has phases", () => call("/json?test=1"));
  it("calls back", (t, done) => {
    get(`${process.env.SERVER_URL}/json?test=2`, (response) => response.resume().on("end", done));
  });
});

test("a test with tests", async (t) => {
  t.before(() => call("/json?own=before"));
  t.beforeEach(() => call("/json?own=each"));
  t.after(() => call("/json?own=after"));
  await t.test("is inside", () => call("/json?inside=1"));
  await t.test("has the same name", () => call("/json?inside=2"));
  await t.test("has the same name", () => call("/json?inside=3"));
  await call("/json?outside");
});

test("tests at the same time", { concurrency: 3 }, async (t) => {
  await Promise.all(["a", "b", "c"].map((name) => t.test(`is ${name}`, () => call(`/slow?ms=40&name=${name}`))));
});

describe("kinds", () => {
  it.skip("is skipped", () => {});
  it("is skipped for a reason", { skip: "not today" }, () => {});
  it.todo("is to do");
  it("is to do and fails", { todo: true }, async () => assert.equal((await call("/503")).status, 200));
  it("skips itself", async (t) => {
    await call("/json?skip");
    t.skip("on second thoughts");
  });
  describe.skip("a skipped suite", () => it("is not even there", () => {}));
});

test("may fake the time", async () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "setImmediate", "Date"] });
  const answer = call("/json?still");
  assert.equal(Date.now(), 0);
  mock.timers.reset();
  assert.equal((await answer).status, 200);
});
test("prints", () => console.log("said"));
