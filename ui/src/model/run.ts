// What follows from a run's document for its pages.
import type { Attempt, Counts, Gap, ListedRun, Run, RunDocument, Seen, Status, Test } from "../api/types";
import { ago, count } from "../text/format";

/** How something went, or that it goes on. */
export type Going = Status | "running";

/** How a run went as a whole: its worst test, or its command where there is none. */
export function runStatus(run: Pick<ListedRun, "counts" | "exit_code" | "state">): Going {
  const counts: Counts = run.counts;
  if (run.state === "recording") return "running";
  if (counts.failed + counts.failed_fixtures > 0) return "failed";
  if (counts.unfinished > 0) return "unfinished";
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

/** Whether a test goes on at this moment: its attempt has begun, not ended, and its run still records. */
export function isRunning(test: Test, run: Pick<ListedRun, "state">): boolean {
  return run.state === "recording" && test.attempts.at(-1)?.duration_ms === null;
}

/** Failures of one cause; or undetermined ones that say the same. */
export interface FailureGroup {
  isDetermined: boolean;
  /** The first is the one to show. */
  failures: { test: Test; attempt: Attempt }[];
  /** Where their cause was seen; null where none is known. */
  seen: Seen | null;
}

/** `seen before: first 2 d ago, in 4 runs on 2 branches`. Of a new cause there is nothing to say. */
export function seenText(seen: Seen | null, now: number): string | null {
  if (seen === null || seen.new) return null;
  const branches = seen.branches > 1 ? ` on ${seen.branches.toLocaleString("en")} branches` : "";
  return `seen before: first ${ago(seen.first, now)}, in ${count(seen.runs, "run")}${branches}`;
}

/** The groups of a run's document with the tests that they name. What goes on has not failed, though it has not ended. */
export function failureGroups({ causes, tests, run }: RunDocument): FailureGroup[] {
  const byId = new Map(tests.map((test) => [test.id, test]));
  const groups = causes.map(({ fingerprint, failures, seen }) => ({
    isDetermined: fingerprint !== null,
    seen,
    failures: failures.flatMap((failure) => {
      const test = byId.get(failure.test);
      const attempt = test?.attempts.find((one) => one.id === failure.attempt);
      return test === undefined || attempt === undefined || isRunning(test, run) ? [] : [{ test, attempt }];
    }),
  }));
  return groups.filter((group) => group.failures.length > 0);
}

/** Passing tests that are odd in the same way. */
export interface UnlikeGroup {
  text: string;
  /** The first is the one to show. */
  passes: { test: Test; attempt: Attempt }[];
}

/** What a run's document says of passing tests that are not like their other passes, with the tests that it names. */
export function unlikeGroups({ unlike, tests }: Pick<RunDocument, "unlike" | "tests">): UnlikeGroup[] {
  const byId = new Map(tests.map((test) => [test.id, test]));
  const groups = unlike.map(({ text, passes }) => ({
    text,
    passes: passes.flatMap((pass) => {
      const test = byId.get(pass.test);
      const attempt = test?.attempts.find((one) => one.id === pass.attempt);
      return test === undefined || attempt === undefined ? [] : [{ test, attempt }];
    }),
  }));
  return groups.filter((group) => group.passes.length > 0);
}

/** What failures have in common, in one line: their diagnosis, else what the runner said. */
export function groupSummary({ isDetermined, failures }: Pick<FailureGroup, "isDetermined" | "failures">): string {
  const attempt = failures[0]?.attempt;
  const said = attempt?.error ? `${attempt.error.type}: ${attempt.error.message.split("\n", 1)[0]}` : "It never ended.";
  // What differs from a passing recording is another thing in each undetermined test; that they say the same is not.
  if (isDetermined || failures.length === 1) return attempt?.diagnosis?.summary ?? said;
  return said;
}

/** The gaps that a reader should know of, as the terminal tells them: suites end their servers by signals, and each record is
 * on its way before the process goes on, so a killed process matters when a test was left unfinished. */
export function gapsToTell({ gaps, counts }: Pick<Run, "gaps" | "counts">): Gap[] {
  return gaps.filter((gap) => gap.kind !== "process-killed" || counts.unfinished > 0);
}

/** How many entries are tests, and how many are hooks that tests share: `9 and 2 hooks`. */
export function countedTests(tests: readonly Pick<Test, "kind">[]): string {
  const hooks = tests.filter((test) => test.kind === "fixture").length;
  const own = (tests.length - hooks).toLocaleString("en");
  return hooks === 0 ? own : `${own} and ${count(hooks, "hook")}`;
}

/** Where a test stands, and that it is a hook if it is one; a hook of a runner's own has no file. */
export function testPlace({ kind, file, line }: Pick<Test, "kind" | "file" | "line">): string {
  const place = line === null ? file : `${file}:${line}`;
  return [...(kind === "fixture" ? ["hook"] : []), ...(file === "" ? [] : [place])].join(" · ");
}
