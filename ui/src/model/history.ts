// What follows from what many recordings say together: order, places on an axis, and words.
import type { AnswerChange, DurationTrend, ListedTest, Novelty, Past, Poll, TestHistory } from "../api/types";
import type { TestOrder } from "../search";
import { callText, counted, spread } from "../text/figures";
import { count, duration } from "../text/format";
import { type Going, testTitle } from "./run";

/** How a test goes on the whole. */
export function overall({ failed, unfinished, passed }: TestHistory["counts"]): Going {
  const bad = failed + unfinished;
  if (bad === 0) return passed === 0 ? "skipped" : "passed";
  return passed === 0 ? "failed" : "flaky";
}

/** `GET stock /items/*: passing recordings needed …, failing ones waited …; that is hardly longer`. */
export function pollText({ needed, waited, tight }: Poll): string {
  const waiting = waited === null ? "" : `, failing ones waited ${spread(waited)}`;
  return `passing recordings needed ${spread(needed)}${waiting}${tight ? "; that is hardly longer" : ""}`;
}

export function noveltyText(novelty: Novelty): string {
  const { known_for_s, like_it } = novelty;
  if (known_for_s !== null) {
    return `known, like ${counted(like_it)} earlier ones; the first was ${duration(known_for_s * 1000)} before it`;
  }
  return like_it.of === 0
    ? "the first that was recorded"
    : `new, unlike each of ${count(like_it.of, "earlier failure")}`;
}

/** `steady, 1.00 s (median, n = 6) after 1.10 s (median, n = 6)`. */
export function trendText({ trend, attempts, now, before }: DurationTrend): string {
  if (now === null || before === null) {
    return `too few passing attempts to say how it changes (n = ${attempts.toLocaleString("en")})`;
  }
  const median = (window: typeof now) => `${duration(window.median_ms)} (median, n = ${window.attempts})`;
  const word = trend === "slower" || trend === "faster" ? trend : "steady";
  return `${word}, ${median(now)} after ${median(before)}`;
}

/** `price is text, was number`. */
export function changeText({ kind, path, from, to }: AnswerChange): string {
  if (kind === "retyped" && from !== null && to !== null) return `${path} is ${to}, was ${from}`;
  return `${path} is ${kind === "gone" ? "gone" : "new"}`;
}

/** What changed, with the numbers of answers: nothing is said without them. */
export function changeNumbers({ before, now }: AnswerChange): string {
  return `${count(before, "answer")} before, ${now.toLocaleString("en")} now`;
}

export function changeCall({ call }: AnswerChange): string {
  return callText(call);
}

/** Failed runs of those in which a test is shown. */
export function failedRuns({ history }: Pick<ListedTest, "history">): number {
  return history.filter((status) => status !== "passed" && status !== "skipped").length;
}

/** By how much a test is flaky: the greater lower bound of the two rules that say so. Few runs weigh little. */
function flakiness({ rates }: Pick<ListedTest, "rates">): number {
  return Math.max(
    ...[rates.both_outcomes_on_one_commit, rates.passed_on_retry].map((rate) =>
      rate.count === 0 ? 0 : rate.low_permille,
    ),
  );
}

/** Tests in the order that is asked for. The server's own is by failed runs; what is equal stays as it came. */
export function ordered(tests: readonly ListedTest[], order: TestOrder): ListedTest[] {
  if (order === "name") return tests.toSorted((a, b) => testTitle(a).localeCompare(testTitle(b), "en"));
  if (order === "flaky") return tests.toSorted((a, b) => flakiness(b) - flakiness(a));
  return tests.toSorted((a, b) => failedRuns(b) - failedRuns(a));
}

/** An attempt as a point of a chart: both in hundredths of its width and height. */
export interface Point {
  past: Past;
  x: number;
  y: number;
}

/** Attempts in the order in which they ran, each as high as it took long; those that never ended have no height. */
export function points(outcomes: readonly Past[], top: number): Point[] {
  const oldestFirst = outcomes.toReversed();
  const step = 100 / Math.max(1, oldestFirst.length);
  return oldestFirst.flatMap((past, index) =>
    past.duration_ms === null
      ? []
      : [{ past, x: (index + 0.5) * step, y: 100 - (100 * past.duration_ms) / Math.max(1, top) }],
  );
}

/** A round number of milliseconds, 1, 2 or 5 with zeros, that is no less than the longest. */
export function ceiling(longest: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, longest)));
  return [1, 2, 5, 10].map((step) => step * unit).find((round) => round >= longest) ?? 10 * unit;
}
