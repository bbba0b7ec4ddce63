import { expect, test } from "vitest";
import type { CallId, Rate } from "../api/types";
import { bounds, callText, counted, percent, range, spread } from "./figures";

const rate = (count: number, of: number, low_permille: number, high_permille: number): Rate => ({
  count,
  of,
  low_permille,
  high_permille,
});

/** The same numbers as in the terminal's test (crates/cli/src/view/history/figures.rs). */
test("figures say of how many, as the terminal does", () => {
  const some = rate(3, 41, 25, 195);
  expect([counted(some), percent(some), bounds(some)]).toEqual(["3 of 41", "7 %", "2 to 20 %"]);
  const none = rate(0, 0, 0, 1000);
  expect([counted(none), percent(none), bounds(none)]).toEqual(["0 of 0", null, null]);
  expect(percent(rate(1, 2, 95, 905))).toBe("50 %");
  expect(counted(rate(1204, 50_000, 0, 0))).toBe("1,204 of 50,000");
});

test("times are a range, or one time", () => {
  expect(spread({ recordings: 12, shortest_ms: 800, longest_ms: 9600 })).toBe("800 ms to 9.60 s (n = 12)");
  expect(spread({ recordings: 1, shortest_ms: 800, longest_ms: 800 })).toBe("800 ms (n = 1)");
});

test("a call is told with its operation", () => {
  const call: CallId = { peer: "stock", method: "GET", template: "/items/*", operation: null };
  expect(callText(call)).toBe("GET stock /items/*");
  expect(callText({ ...call, operation: "ListItems" })).toBe("GET stock /items/*#ListItems");
});

test("values of a header are a range where they are numbers", () => {
  expect([range(1, 8), range(5, 5), range(null, null)]).toEqual(["1 to 8", "always 5", null]);
});
