import { describe, expect, it } from "vitest";
import type { Attempt, Status, Test } from "../api/types";
import { causeGroups, decisive, runStatus, troubled } from "./run";

const counts = { passed: 0, failed: 0, flaky: 0, skipped: 0, unfinished: 0, failed_fixtures: 0, not_run: 0 };

function test(name: string, status: Status, attempts: [Status, string | null][]): Test {
  return {
    name,
    status,
    suite: [],
    attempts: attempts.map(([attempt, fingerprint], index) => ({
      id: `${name}${index}`,
      status: attempt,
      diagnosis:
        fingerprint === null
          ? null
          : { fingerprint, confidence: fingerprint === "" ? "undetermined" : "established", findings: [] },
    })) as unknown as Attempt[],
  } as unknown as Test;
}

describe("runs", () => {
  it.each([
    [{ counts: { ...counts, passed: 3 }, exit_code: 0, state: "sealed" }, "passed"],
    [{ counts: { ...counts, passed: 3, flaky: 1 }, exit_code: 0, state: "sealed" }, "flaky"],
    [{ counts: { ...counts, failed: 1 }, exit_code: 1, state: "sealed" }, "failed"],
    [{ counts: { ...counts, failed_fixtures: 1 }, exit_code: 1, state: "sealed" }, "failed"],
    [{ counts, exit_code: 2, state: "sealed" }, "failed"],
    [{ counts, exit_code: null, state: "recording" }, "unfinished"],
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

  it("groups failures by cause, the widest first and undetermined ones apart and last", () => {
    const groups = causeGroups([
      test("a", "failed", [["failed", ""]]),
      test("b", "failed", [["failed", "x"]]),
      test("c", "failed", [["failed", "y"]]),
      test("d", "flaky", [
        ["failed", "y"],
        ["passed", null],
      ]),
      test("e", "failed", [["failed", ""]]),
      test("f", "passed", [["passed", null]]),
    ]);
    const names = groups.map((group) => group.failures.map((failure) => failure.test.name).join(""));
    expect(names).toEqual(["cd", "b", "a", "e"]);
  });

  it("puts what needs a look in order", () => {
    const tests = [
      test("a", "flaky", []),
      test("b", "passed", []),
      test("c", "failed", []),
      test("d", "unfinished", []),
    ];
    expect(troubled(tests).map((found) => found.name)).toEqual(["c", "d", "a"]);
  });
});
