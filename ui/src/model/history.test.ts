import { describe, expect, it } from "vitest";
import type { ListedTest, Past, Rate, Status } from "../api/types";
import { ceiling, changeText, noveltyText, ordered, overall, points, pollText, trendText } from "./history";

const rate = (count: number, of: number, low_permille = 0): Rate => ({ count, of, low_permille, high_permille: 1000 });

function listed(name: string, history: Status[], commits: Rate): ListedTest {
  const rates = { both_outcomes_on_one_commit: commits, passed_on_retry: rate(0, 1), flip_rate: rate(0, 0) };
  return { name, suite: [], history, rates: { ...rates, flaky: commits.count > 0 } } as unknown as ListedTest;
}

describe("the history of a test", () => {
  it.each([
    [{ passed: 3, failed: 0, unfinished: 0 }, "passed"],
    [{ passed: 3, failed: 1, unfinished: 0 }, "flaky"],
    [{ passed: 0, failed: 0, unfinished: 1 }, "failed"],
    [{ passed: 0, failed: 0, unfinished: 0 }, "skipped"],
  ] as const)("of %j is %s on the whole", (counts, expected) =>
    expect(overall({ ...counts, skipped: 1, runs: 4 })).toBe(expected),
  );

  // The terminal's own words (crates/cli/src/view/history/why.rs).
  it("is told in the terminal's words", () => {
    const call = { peer: "stock", method: "GET", template: "/orders/*", operation: null };
    const needed = { recordings: 13, shortest_ms: 350, longest_ms: 550 };
    expect(pollText({ call, needed, waited: null, tight: false })).toBe(
      "passing recordings needed 350 ms to 550 ms (n = 13)",
    );
    const waited = { recordings: 2, shortest_ms: 600, longest_ms: 600 };
    expect(pollText({ call, needed, waited, tight: true })).toBe(
      "passing recordings needed 350 ms to 550 ms (n = 13), failing ones waited 600 ms (n = 2); that is hardly longer",
    );
    expect(noveltyText({ new: false, like_it: rate(3, 3), known_for_s: 36_000 })).toBe(
      "known, like 3 of 3 earlier ones; the first was 10 h 0 m before it",
    );
    expect(noveltyText({ new: true, like_it: rate(0, 1), known_for_s: null })).toBe(
      "new, unlike each of 1 earlier failure",
    );
    expect(noveltyText({ new: true, like_it: rate(0, 0), known_for_s: null })).toBe("the first that was recorded");
    const [now, before] = [
      { attempts: 6, median_ms: 1000 },
      { attempts: 6, median_ms: 1100 },
    ];
    expect(trendText({ trend: "steady", attempts: 13, now, before })).toBe(
      "steady, 1.00 s (median, n = 6) after 1.10 s (median, n = 6)",
    );
    expect(trendText({ trend: "too-few", attempts: 4, now: null, before: null })).toBe(
      "too few passing attempts to say how it changes (n = 4)",
    );
  });

  it("places attempts by their order and by how long they took", () => {
    const past = (duration_ms: number | null) => ({ duration_ms }) as unknown as Past;
    const newestFirst = [past(500), past(null), past(1000), past(0)];
    expect(points(newestFirst, 1000).map(({ x, y }) => [x, y])).toEqual([
      [12.5, 100],
      [37.5, 0],
      [87.5, 50],
    ]);
    expect(points([], 1)).toEqual([]);
  });

  it.each([
    [0, 1],
    [1, 1],
    [3, 5],
    [999, 1000],
    [1000, 1000],
    [1001, 2000],
    [60_000, 100_000],
  ])("an axis to %i ms ends at %i ms", (longest, top) => expect(ceiling(longest)).toBe(top));
});

describe("the list of tests", () => {
  const tests = [
    listed("b", ["failed", "passed"], rate(0, 1)),
    listed("c", ["passed", "passed"], rate(1, 1, 207)),
    listed("a", ["failed", "flaky"], rate(4, 5, 375)),
  ];
  const names = (order: "failed" | "flaky" | "name") => ordered(tests, order).map((test) => test.name);

  it("is ordered as asked for; few commits weigh little", () => {
    expect(names("failed")).toEqual(["a", "b", "c"]);
    expect(names("flaky")).toEqual(["a", "c", "b"]);
    expect(names("name")).toEqual(["a", "b", "c"]);
  });
});

it("changed answers are told as in the terminal", () => {
  const call = { peer: "stock", method: "GET", template: "/items/*", operation: null };
  const change = { call, path: "price", before: 11, now: 2, run: "r", from: null, to: null };
  expect(changeText({ ...change, kind: "retyped", from: "number", to: "text" })).toBe("price is text, was number");
  expect(changeText({ ...change, kind: "gone" })).toBe("price is gone");
  expect(changeText({ ...change, kind: "new" })).toBe("price is new");
});
