import { describe, expect, it } from "vitest";
import { actorsOf } from "./actors";
import { fit, Labels } from "./labels";
import { recording } from "./testing/data";

const measure = (text: string) => text.length;

describe("fit", () => {
  it.each([
    ["short", 10, "short"],
    ["a long sentence", 7, "a long…"],
    ["/2015-03-31/functions/crash-1/invocations", 30, "/2015-03-31/funct…/invocations"],
    ["/2015-03-31/functions/crash-1/invocations", 8, "/2015-0…"],
    ["anything", 1, "…"],
    ["anything", 0, ""],
    ["ab😀cd", 4, "ab…"],
  ])("%j in %d", (text, width, expected) => {
    expect(fit(text, width, measure)).toBe(expected === "…" ? "" : expected);
  });

  it("is never wider than there is room", () => {
    for (let width = 1; width < 60; width += 1) {
      expect(fit("/projects/7cafd32f-e486-443d-83c6/insights", width, measure).length).toBeLessThanOrEqual(width);
    }
  });
});

describe("Labels", () => {
  const data = recording(
    [
      { kind: 1, name: 0 },
      { depth: 1, kind: 5, name: 1, peer: 0 },
      { depth: 2, kind: 6, name: 1, service: 1 },
      { depth: 1, kind: 3, name: 2 },
      { depth: 1, kind: 0, name: 3 },
    ],
    { names: ["a test", "POST /signup", "before\u202e each\nhook\u001b[31m", "work"], peers: ["user\u200bapi"] },
  );
  const labels = new Labels(data, actorsOf(data));
  it.each([
    [0, { chip: "test", actor: "", title: "a test" }],
    [1, { chip: "POST", actor: "user[ZWSP]api", title: "/signup" }],
    [2, { chip: "serves", actor: "api", title: "POST /signup" }],
    [3, { chip: "hook", actor: "", title: "before[RLO] each hook[␛][31m" }],
    [4, { chip: "", actor: "", title: "work" }],
  ])("row %i", (row, label) => {
    expect(labels.of(row)).toEqual(label);
  });

  it("a peer that is a service is that service", () => {
    const named = recording([{ peer: 1 }]);
    expect(actorsOf(named).names).toEqual(["tests", "api", "AWS Lambda"]);
    expect([...actorsOf(named).ofPeer]).toEqual([2, 1]);
  });
});
