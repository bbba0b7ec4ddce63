import { createRequire } from "node:module";
import { before, describe, it } from "node:test";

const { call } = createRequire(import.meta.url)("../call.cjs");

before(() => call("/json?before=all files"));
describe("file a", () => {
  it("calls", () => call("/json?file=a"));
});
