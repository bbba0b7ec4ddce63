// What follows from a run's document for its pages.
import type { Attempt, Counts, Diagnosis, ListedRun, Status, Test } from "../api/types";

/** How a run went as a whole: its worst test, or its command where there is none. */
export function runStatus(run: Pick<ListedRun, "counts" | "exit_code" | "state">): Status {
  const counts: Counts = run.counts;
  if (counts.failed + counts.failed_fixtures > 0) return "failed";
  if (run.state === "recording" || counts.unfinished > 0) return "unfinished";
  if (run.exit_code !== null && run.exit_code !== 0) return "failed";
  return counts.flaky > 0 ? "flaky" : "passed";
}

/** The attempt to look at: of a failed or flaky test the last one that failed, else the last one. */
export function decisive(test: Test): Attempt | undefined {
  const bad = (attempt: Attempt) => attempt.status === "failed" || attempt.status === "unfinished";
  const looked = test.status === "failed" || test.status === "flaky" || test.status === "unfinished";
  return (looked ? test.attempts.findLast(bad) : undefined) ?? test.attempts.at(-1);
}

export function testTitle(test: Pick<Test, "suite" | "name">): string {
  return [...test.suite, test.name].join(" › ");
}

/** Failures with one cause. */
export interface CauseGroup {
  key: string;
  /** The diagnosis of the first of them. */
  diagnosis: Diagnosis;
  /** The tests with the attempt that failed so; flaky ones too. */
  failures: { test: Test; attempt: Attempt }[];
}

/** Groups failures by the identity of their cause; those that hit most tests first, undetermined ones last. */
export function causeGroups(tests: readonly Test[]): CauseGroup[] {
  const groups = new Map<string, CauseGroup>();
  for (const test of tests) {
    const attempt = decisive(test);
    if (attempt === undefined || attempt.diagnosis === null) continue;
    const { diagnosis } = attempt;
    // Undetermined failures have nothing in common that is known.
    const key = diagnosis.fingerprint === "" ? `attempt ${attempt.id}` : diagnosis.fingerprint;
    const group = groups.get(key) ?? { key, diagnosis, failures: [] };
    group.failures.push({ test, attempt });
    groups.set(key, group);
  }
  const rank = (group: CauseGroup) => (group.diagnosis.confidence === "undetermined" ? 1 : 0);
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || b.failures.length - a.failures.length);
}

const BAD_FIRST: Status[] = ["failed", "unfinished", "flaky"];

/** The tests and fixtures that need a look, the worst first. */
export function troubled(tests: readonly Test[]): Test[] {
  const place = (test: Test) => BAD_FIRST.indexOf(test.status);
  return tests.filter((test) => place(test) >= 0).sort((a, b) => place(a) - place(b));
}
