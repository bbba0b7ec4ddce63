import { describe, expect, it } from "vitest";
import type { Attempt, RunDocument, Status, Test } from "../api/types";
import {
  countedTests,
  decisive,
  failureGroups,
  gapsToTell,
  groupSummary,
  isRunning,
  runStatus,
  seenText,
  testPlace,
  unlikeGroups,
} from "./run";

const counts = { passed: 0, failed: 0, flaky: 0, skipped: 0, unfinished: 0, failed_fixtures: 0, not_run: 0 };

function test(name: string, status: Status, attempts: [Status, string | null][]): Test {
  return {
    id: name,
    name,
    status,
    suite: [],
    attempts: attempts.map(([attempt, fingerprint], index) => ({
      id: `${name}${index}`,
      status: attempt,
      duration_ms: 1,
      diagnosis:
        fingerprint === null
          ? null
          : { fingerprint, confidence: fingerprint === "" ? "undetermined" : "established", findings: [] },
    })) as unknown as Attempt[],
  } as unknown as Test;
}

describe("runs", () => {
  it("counts hooks apart from tests", () => {
    const kinds = (tests: number, hooks: number) => [
      ...Array.from({ length: tests }, () => ({ kind: "test" as const })),
      ...Array.from({ length: hooks }, () => ({ kind: "fixture" as const })),
    ];
    expect(countedTests(kinds(9, 2))).toBe("9 and 2 hooks");
    expect(countedTests(kinds(1, 1))).toBe("1 and 1 hook");
    expect(countedTests(kinds(1200, 0))).toBe("1,200");
  });

  it.each([
    ["test", "a.js", 7, "a.js:7"],
    ["test", "a.js", null, "a.js"],
    ["fixture", "a.js", 7, "hook · a.js:7"],
    ["fixture", "", null, "hook"],
  ] as const)("says where a %s in %j stands", (kind, file, line, expected) =>
    expect(testPlace({ kind, file, line })).toBe(expected),
  );

  it("says of a cause that earlier runs had it, too, as the terminal does", () => {
    const seen = { new: false, first: "2026-11-20T10:00:00.000Z", runs: 4, branches: 2, failures: 5 };
    const now = Date.parse("2026-11-22T12:00:00.000Z");
    expect(seenText(seen, now)).toBe("seen before: first 2 d ago, in 4 runs on 2 branches");
    expect(seenText({ ...seen, runs: 1, branches: 1 }, now)).toBe("seen before: first 2 d ago, in 1 run");
    expect(seenText({ ...seen, new: true }, now)).toBeNull();
    expect(seenText(null, now)).toBeNull();
  });

  it("tells of killed processes where a test was left unfinished", () => {
    const gaps = ["process-killed", "body-cut"].map((kind) => ({ kind, count: 1, details: [] }));
    const told = (unfinished: number) => gapsToTell({ gaps, counts: { ...counts, unfinished } }).map((gap) => gap.kind);
    expect(told(0)).toEqual(["body-cut"]);
    expect(told(1)).toEqual(["process-killed", "body-cut"]);
  });

  it.each([
    [{ counts: { ...counts, passed: 3 }, exit_code: 0, state: "sealed" }, "passed"],
    [{ counts: { ...counts, passed: 3, flaky: 1 }, exit_code: 0, state: "sealed" }, "flaky"],
    [{ counts: { ...counts, failed: 1 }, exit_code: 1, state: "sealed" }, "failed"],
    [{ counts: { ...counts, failed_fixtures: 1 }, exit_code: 1, state: "sealed" }, "failed"],
    [{ counts, exit_code: 2, state: "sealed" }, "failed"],
    [{ counts, exit_code: null, state: "recording" }, "running"],
    [{ counts: { ...counts, failed: 1 }, exit_code: null, state: "recording" }, "running"],
    [{ counts: { ...counts, unfinished: 1 }, exit_code: null, state: "recovered" }, "unfinished"],
  ])("went as %j", (run, expected) => expect(runStatus(run)).toBe(expected));

  it.each([
    [
      test("a", "flaky", [
        ["failed", "x"],
        ["passed", null],
      ]),
      "a0",
    ],
    [
      test("a", "failed", [
        ["failed", "x"],
        ["failed", "y"],
      ]),
      "a1",
    ],
    [test("a", "passed", [["passed", null]]), "a0"],
    [test("a", "skipped", []), undefined],
  ])("looks at the attempt that decides", (given, expected) => expect(decisive(given)?.id).toBe(expected));

  const going = { ...test("e", "unfinished", [["unfinished", null]]) };
  Object.assign(going.attempts[0] as Attempt, { duration_ms: null });

  it.each([
    ["recording", going, true],
    ["recovered", going, false],
    ["recording", test("a", "passed", [["passed", null]]), false],
  ])("knows in a run that is %s what goes on", (state, given, expected) =>
    expect(isRunning(given, { state })).toBe(expected),
  );

  it("reads the groups of a document, and leaves out what goes on", () => {
    const causes = [
      { fingerprint: "y", failures: [{ test: "d", attempt: "d0" }] },
      {
        fingerprint: null,
        failures: [
          { test: "a", attempt: "a0" },
          { test: "e", attempt: "e0" },
        ],
      },
      { fingerprint: null, failures: [{ test: "e", attempt: "e0" }] },
    ];
    const tests = [
      test("a", "failed", [["failed", ""]]),
      test("d", "flaky", [
        ["failed", "y"],
        ["passed", null],
      ]),
      going,
    ];
    const groups = failureGroups({ causes, tests, run: { state: "recording" } } as unknown as RunDocument);
    const names = groups.map((group) => group.failures.map(({ attempt }) => attempt.id));
    expect(names).toEqual([["d0"], ["a0"]]);
    expect(groups.map((group) => group.isDetermined)).toEqual([true, false]);
  });

  it.each([
    [["differs so"], true, "differs so"],
    [["differs so"], false, "differs so"],
    [["slow", "slower"], true, "slow"],
    [["differs so", "differs otherwise"], false, "AssertionError: 1 is not 2"],
    [[null], false, "AssertionError: 1 is not 2"],
  ])("says of failures with the diagnoses %j, determined %s: %s", (summaries, isDetermined, expected) => {
    const error = { type: "AssertionError", message: "1 is not 2\nat line 3" };
    const failures = summaries.map((summary) => {
      const attempt = { error, diagnosis: summary === null ? null : { summary } } as unknown as Attempt;
      return { test: test("a", "failed", []), attempt };
    });
    expect(groupSummary({ isDetermined, failures })).toBe(expected);
  });

  it("names the tests that are odd in the same way, and leaves out what it does not know", () => {
    const tests = [test("a", "passed", [["passed", null]]), test("b", "passed", [["passed", null]])];
    const pass = (name: string) => ({ test: name, attempt: `${name}0` });
    const unlike = [
      { kind: "outcome", text: "GET / answered 500", passes: [pass("b"), pass("nobody"), pass("a")] },
      { kind: "shape", text: "GET / answered HTML", passes: [pass("nobody")] },
    ];
    const groups = unlikeGroups({ tests, unlike }).map(({ text, passes }) => [text, passes.map((one) => one.test.id)]);
    expect(groups).toEqual([["GET / answered 500", ["b", "a"]]]);
  });
});
