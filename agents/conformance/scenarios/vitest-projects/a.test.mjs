import { createRequire } from "node:module";
import { beforeAll, describe, expect, it } from "vitest";

const { call } = createRequire(import.meta.url)("../call.cjs");

describe("file a", () => {
  beforeAll(() => call("/json?file=a&fixture"));
  it("calls", () => call("/json?file=a"));
  it("calls again", async () => expect((await call("/json?file=a&again")).status).toBe(200));
  describe.concurrent("at the same time", () => {
    for (const name of ["one", "two", "three"]) it(name, () => call(`/slow?ms=40&file=a&name=${name}`));
  });
});
