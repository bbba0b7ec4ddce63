import { createRequire } from "node:module";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";

const { call } = createRequire(import.meta.url)("../call.cjs");
const fails = async () => {
  await call("/503");
  throw new Error("the hook failed");
};

describe("before all", () => {
  before(fails);
  it("is cancelled", () => {});
  it("is cancelled as well", () => {});
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
  after(fails);
  it("has passed before", () => {});
});
describe("itself", () => {
  throw new Error("the suite failed");
});
