import { createRequire } from "node:module";
import { expect, it } from "vitest";

const { call } = createRequire(import.meta.url)("../call.cjs");

it("differs", async () => expect(JSON.parse((await call("/json")).body)).toEqual({ answer: 42 }));
it("differs from a snapshot", () => expect({ one: 1 }).toMatchInlineSnapshot(`{ "one": 2 }`));
it("differs softly", () => {
  expect.soft(1).toBe(2);
  expect.soft(3).toBe(4);
});
it("has too few assertions", () => expect.assertions(1));
it("throws what is no error", () => {
  throw "a text";
});
