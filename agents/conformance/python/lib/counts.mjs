// Holds what a runner counted against the attempts and fixtures that were recorded.
import { compare } from "../../lib/compare.mjs";
import { merge } from "../../lib/merge.mjs";
import { typeOf } from "../../lib/normalise.mjs";

const number = (text, pattern) => Number(pattern.exec(text)?.[1] ?? 0);

function ofPytest(text) {
  // The last line with a time is the summary.
  const line = text.split("\n").filter((each) => / in \d+\.\d+s/.test(each)).at(-1);
  if (line === undefined) return undefined;
  const count = (word) => number(line, new RegExp(`(\\d+) ${word}\\b`));
  return {
    passed: count("passed") + count("xpassed"),
    failed: count("failed") + count("errors?"),
    skipped: count("skipped") + count("xfailed"),
    retried: count("rerun"),
  };
}

function ofUnittest(text) {
  const ran = /^Ran (\d+) tests? in/m.exec(text);
  if (!ran) return undefined;
  const count = (word) => number(text, new RegExp(`[(, ]${word}=(\\d+)`));
  // A test whose parts fail is one test here, and each of them a failure for unittest.
  const parts = (text.match(/^(FAIL|ERROR): .*\) \(.*\)$/gm) ?? []).length;
  // One that fails in its body and again in a cleanup is one here, too.
  const told = (text.match(/^(FAIL|ERROR): .*$/gm) ?? []).map((line) => line.slice(line.indexOf(" ")));
  const again = told.length - new Set(told).size + Math.max(0, parts - 1);
  const failed = count("failures") + count("errors") + count("unexpected successes") - again;
  const skipped = count("skipped") + count("expected failures");
  return { failed, skipped };
}

/** The runner of testtools, which counts failures and errors as one, and nothing else. */
function ofTesttools(text) {
  return /^Tests running\.\.\.$/m.test(text) ? { failed: number(text, /^FAILED \(failures=(\d+)\)$/m) } : undefined;
}

/** Complaints where the recording counts otherwise than the runner did; none when it was killed before it counted. */
export function miscounts({ stdout, stderr }, segments) {
  const counted = ofTesttools(stdout) ?? ofPytest(stdout) ?? ofUnittest(stderr);
  if (!counted) return [];
  const { spans } = merge(segments);
  const status = (span) => span.attrs["test.case.result.status"];
  const attempts = spans.filter((span) => typeOf(span) === "attempt");
  const last = attempts.filter((span) => !span.attrs["flakescope.attempt.retried"]);
  // A set-up that several tests share fails once in the recording, and for pytest once for each of its tests.
  const counts = (span) => span.attrs["flakescope.test.framework"] === "unittest" || span.attrs["flakescope.hook.type"] !== "beforeAll";
  const beside = spans.filter((span) => typeOf(span) === "fixture" && status(span) === "fail" && counts(span));
  const recorded = {
    passed: last.filter((span) => status(span) === "pass").length,
    failed: last.filter((span) => status(span) === "fail").length + beside.length,
    skipped: last.filter((span) => status(span) === "skip").length,
    retried: attempts.length - last.length,
  };
  return compare(counted, Object.fromEntries(Object.keys(counted).map((key) => [key, recorded[key]])));
}
