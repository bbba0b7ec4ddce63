import assert from "node:assert";
import { request } from "node:http";
import { createRequire } from "node:module";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, test, vi } from "vitest";

const { call } = createRequire(import.meta.url)("../call.cjs");
const get = (path) =>
  new Promise((resolve, reject) => {
    request(new URL(path, process.env.SERVER_URL), (response) => response.resume().on("end", resolve)).on("error", reject).end();
  });

beforeAll(() => call("/json?before=file"));
afterAll(() => call("/json?after=file"));

describe("hooks", () => {
  beforeEach(async () => {
    await call("/json?each=setup");
    return () => call("/json?each=cleanup");
  });
  afterEach(() => call("/json?each=teardown"));

  it("has phases", async () => {
    onTestFinished(() => call("/json?finished"));
    await get("/json?test=named-import");
  });
  it("has phases again", () => fetch(`${process.env.SERVER_URL}/json?test=fetch`).then((answer) => answer.text()));
});

describe("retries", () => {
  it("passes at the second try", { retry: 2 }, async () => expect((await call("/flaky?key=vitest")).status).toBe(200));
  it("never passes", { retry: 1 }, async () => expect((await call("/503")).status, "unavailable").toBe(200));
  it("is repeated", { repeats: 2 }, () => call("/json?repeated"));
});

describe("kinds", () => {
  it.skip("is skipped", () => {});
  it.todo("is to do");
  it("skips itself", async ({ skip }) => {
    await call("/json?skip");
    skip();
  });
  it.fails("is meant to fail", async () => expect((await call("/503")).status).toBe(200));
  it.each([1, 2])("has parameter %i", (value) => call(`/json?value=${value}`));
  for (const value of [3, 4]) it("has the same title", () => call(`/json?value=${value}`));
  it("has no limit", { timeout: 0 }, () => call("/json?limit=none"));
  describe.skip("a skipped suite", () => it("never runs", () => {}));
});

describe("fixtures", () => {
  const extended = test.extend({
    // eslint-disable-next-line no-empty-pattern -- Vitest reads from the parameters what a fixture needs.
    thing: async ({}, use) => {
      await call("/json?fixture=setup");
      await use("thing");
      await call("/json?fixture=teardown");
    },
  });
  extended("uses what it is given", ({ thing }) => call(`/json?uses=${thing}`));
});

describe("surroundings", () => {
  it("may fake the time", async () => {
    vi.useFakeTimers({ now: 0, toFake: ["Date", "setTimeout", "setInterval", "setImmediate", "performance", "hrtime"] });
    const answer = call("/json?still");
    assert.equal(Date.now(), 0);
    vi.useRealTimers();
    assert.equal((await answer).status, 200);
  });
  it("may replace everything", async () => {
    vi.stubGlobal("process", undefined);
    vi.stubGlobal("console", undefined);
    vi.unstubAllGlobals();
    vi.resetModules();
    const { get: again } = await import("node:http");
    await new Promise((resolve) => again(`${process.env.SERVER_URL}/json?again`, (response) => response.resume().on("end", resolve)));
  });
  it("prints", () => {
    console.log("said");
    console.warn("warned");
  });
});
