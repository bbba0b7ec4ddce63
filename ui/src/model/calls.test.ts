import { expect, it } from "vitest";
import { hasFailed, outcome } from "./calls";

it.each([
  [{ status: 200, error: null, duration_ms: 1 }, "200", false],
  [{ status: 429, error: null, duration_ms: 1 }, "429", true],
  [{ status: 200, error: "ECONNRESET", duration_ms: 1 }, "200", true],
  [{ status: null, error: "ECONNRESET", duration_ms: 1 }, "ECONNRESET", true],
  [{ status: null, error: null, duration_ms: null }, "no answer", false],
  [{ status: null, error: null, duration_ms: 5 }, "not said", false],
])("%j", (call, word, failed) => {
  expect(outcome(call)).toBe(word);
  expect(hasFailed(call)).toBe(failed);
});
