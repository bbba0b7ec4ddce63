// A verdict as Markdown, for a pull request, a chat or a language model. Captured text stays text in it: it is escaped,
// and bodies stand in fences that they cannot close.
import type { Attempt, Culprit, Diagnosis, Test, Unlike } from "../api/types";
import { duration, offset } from "../text/format";
import { visible } from "../text/visible";
import { ownerWord } from "../text/words";
import { outcome } from "./calls";
import { testTitle } from "./run";

/** Escapes what would be markup, on one line. `@` and `#` would notify and link on forges. */
export function escaped(text: string): string {
  return visible(text)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>#|~!@&]/g, (character) =>
      character === "@" || character === "&" || character === "<" ? `&#${character.charCodeAt(0)};` : `\\${character}`,
    );
}

/** A block of code whose fence is longer than any in it. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((found) => found[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${visible(text)}\n${fence}`;
}

function culpritLines(culprit: Culprit): string[] {
  const when = culprit.at_ms === null ? "" : `${offset(culprit.at_ms)}  `;
  const call = `${when}${culprit.method} ${culprit.url} → ${outcome(culprit)} in ${duration(culprit.duration_ms)}`;
  const excerpt = culprit.response_excerpt;
  return [fenced(excerpt === null ? call : `${call}\n${excerpt}${culprit.response_excerpt_cut ? "\n…" : ""}`)];
}

function list(title: string, texts: string[]): string[] {
  return texts.length === 0 ? [] : ["", `**${title}**`, "", ...texts.map((text) => `- ${escaped(text)}`)];
}

function diagnosisLines(diagnosis: Diagnosis): string[] {
  const { cause, confidence, owner } = diagnosis;
  const words = confidence === "undetermined" ? [confidence] : [cause, confidence, ownerWord(owner)];
  if (diagnosis.not_your_code) words.push("not your code");
  return [
    `**${escaped(diagnosis.summary)}** (${words.join(" · ")})`,
    "",
    ...(diagnosis.culprit === null ? [] : culpritLines(diagnosis.culprit)),
    ...list(
      "Evidence",
      diagnosis.findings.map((finding) => finding.text),
    ),
    ...list(
      "Against it",
      diagnosis.counter.map((finding) => finding.text),
    ),
    ...list("Therefore never happened", diagnosis.therefore),
    ...list("Missing", diagnosis.missing),
    ...list(
      "Not ruled out",
      diagnosis.rivals.map((rival) => rival.summary),
    ),
  ];
}

function unlikeLines({ summary, oddities }: Unlike): string[] {
  const told = oddities.map((oddity) => `${oddity.call} ${oddity.text}`);
  return [`**${escaped(summary)}**`, ...list("Not like the other passes", told)];
}

/** The verdict on an attempt, with the address of its recording. */
export function verdictMarkdown(test: Test, attempt: Attempt, address: string): string {
  const lines = [`### ${escaped(testTitle(test))}: ${attempt.status} after ${duration(attempt.duration_ms)}`, ""];
  if (attempt.diagnosis !== null) lines.push(...diagnosisLines(attempt.diagnosis));
  if (attempt.unlike !== null) lines.push(...unlikeLines(attempt.unlike));
  if (attempt.error !== null) {
    const place = attempt.error.file === null ? "" : `\n${attempt.error.file}:${attempt.error.line ?? "?"}`;
    lines.push("", "**The test said**", "", fenced(`${attempt.error.type}: ${attempt.error.message}${place}`));
  }
  lines.push("", `Recording: ${address}`, "");
  return lines.join("\n");
}
