import { createRequire } from "node:module";
import { beforeAll, beforeEach, describe, it } from "vitest";

const { call } = createRequire(import.meta.url)("../call.cjs");

it("takes too long", { timeout: 300 }, () => call("/hang"));
it("is not harmed", () => call("/json"));
describe("slow before all", () => {
  beforeAll(() => call("/hang"), 300);
  it("is left out", () => {});
});
describe("slow before each", () => {
  beforeEach(() => call("/hang"), 300);
  it("fails", () => {});
});
