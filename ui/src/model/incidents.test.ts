import { expect, it } from "vitest";
import type { Incident } from "../api/types";
import { hitText, incidentWord, lasted } from "./incidents";

const incident = { failures: 4, tests: 1, runs: 4, branches: ["main", "topic"] } as unknown as Incident;

it("says what an incident is: a peer out of order, or one cause", () => {
  expect(incidentWord({ kind: "outage", cause: "unreachable" })).toBe("Outage");
  expect(incidentWord({ kind: "outage", cause: "rate-limited" })).toBe("Rate limit hit");
  expect(incidentWord({ kind: "cause", cause: "dependency-error" })).toBe("Dependency error");
});

it("says whom it hit and where, as the terminal does", () => {
  expect(hitText(incident)).toBe("4 failures of 1 test in 4 runs on 2 branches");
  expect(hitText({ ...incident, failures: 1, runs: 1, branches: ["main"] })).toBe(
    "1 failure of 1 test in 1 run on main",
  );
  expect(hitText({ ...incident, branches: [] })).toBe("4 failures of 1 test in 4 runs");
});

it("says how long it lasted where that is more than an instant", () => {
  const from = "2026-11-22T10:00:00.000Z";
  expect(lasted(from, "2026-11-22T10:03:00.000Z")).toBe("3 m 0 s");
  expect(lasted(from, from)).toBeNull();
});
