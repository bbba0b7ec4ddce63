import { createRequire } from "node:module";
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from "vitest";

const { call } = createRequire(import.meta.url)("../call.cjs");
const fails = async () => {
  await call("/503");
  throw new Error("the hook failed");
};

describe("before all", () => {
  beforeAll(fails);
  it("is left out", () => {});
  it.skip("is skipped anyway", () => {});
  describe("nested", () => it("is left out as well", () => {}));
});
describe("before each", () => {
  beforeEach(fails);
  it("fails", () => {});
  it("fails as well", () => {});
});
describe("after each", () => {
  afterEach(fails);
  it("fails when it is over", () => {});
});
describe("after all", () => {
  afterAll(fails);
  it("has passed before", () => {});
});
