import { createRequire } from "node:module";
import { beforeAll, describe, expect, it } from "vitest";

const { call } = createRequire(import.meta.url)("../call.cjs");

describe("file b", () => {
  beforeAll(() => call("/json?file=b&fixture"));
  it("calls", () => call("/json?file=b"));
  it("fails", async () => expect((await call("/503?file=b&again")).status).toBe(200));
  describe.concurrent("at the same time", () => {
    for (const name of ["one", "two", "three"]) it(name, () => call(`/slow?ms=40&file=b&name=${name}`));
  });
});
