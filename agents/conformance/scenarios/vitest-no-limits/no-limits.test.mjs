import { createRequire } from "node:module";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

const { call } = createRequire(import.meta.url)("../call.cjs");

beforeAll(() => call("/json?before-all"));
afterAll(() => call("/json?after-all"));

describe("each", () => {
  beforeEach(async () => {
    await call("/json?before-each");
    return () => call("/json?cleanup");
  });
  afterEach(() => call("/json?after-each"));

  it("passes", async () => expect((await call("/json?passes")).status).toBe(200));
  it("fails", async () => expect((await call("/429")).status).toBe(200));
});

describe("hooks that are like promises", () => {
  let asked = 0;

  beforeEach(() => ({
    then(resolve) {
      asked += 1;
      call("/json?asked").then(() => resolve());
    },
  }));

  it("are asked once", () => expect(asked).toBe(1));
});

describe("hooks that fail", () => {
  beforeEach(() => {
    throw new Error("at once");
  });

  it("fails with its hook", () => {});
});

describe("hooks that fail later", () => {
  beforeAll(async () => {
    await call("/503?before-all");
    throw new Error("later");
  });

  it("is left out", () => {});
});
