// Where the pages of the recorded runs are, and what every page must hold to.
import { createRequire } from "node:module";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import type { Attempt, Culprit, RunDocument, RunPage, RunRow } from "../../src/api/types";
import { HOSTILE_NAME } from "./record";

export interface Addresses {
  base: string;
  /** The example's bad day. */
  run: string;
  document: RunDocument;
  /** The attempt whose call AWS Lambda throttled, as in the article. */
  throttled: Attempt;
  culprit: Culprit;
  /** The id of the test that it is an attempt of. */
  throttledTest: string;
  /** The attempt in which a service logged that Slack no longer takes its token. */
  warned: Attempt;
  /** The run of the hostile suite. */
  hostile: RunDocument;
}

/** The last attempt of the test of this name. */
function attemptOf(document: RunDocument, name: string): Attempt {
  const attempt = document.tests.find((test) => test.name === name)?.attempts.at(-1);
  if (attempt === undefined) throw new Error(`“${name}” was not recorded`);
  return attempt;
}

async function addresses(): Promise<Addresses> {
  const at = process.env.FLAKESCOPE_BASE ?? "";
  const ask = async <T>(path: string): Promise<T> => (await fetch(`${at}/api/v1${path}`)).json();
  const { runs } = await ask<RunPage>("/runs");
  const failed = async (which: (run: RunRow) => boolean) => {
    const run = runs.find((one) => one.counts.failed > 0 && which(one));
    if (run === undefined) throw new Error("a run that should have failed did not");
    return ask<RunDocument>(`/runs/${run.id}`);
  };
  const document = await failed((run) => run.project === "insights");
  const throttled = attemptOf(document, "show up when several functions crash at once");
  const culprit = throttled.diagnosis?.culprit;
  if (culprit === undefined || culprit === null) throw new Error("nobody is to blame for the throttled attempt");
  return {
    base: at,
    run: document.run.id,
    document,
    throttled,
    culprit,
    throttledTest: document.tests.find((test) => test.attempts.includes(throttled))?.id ?? "",
    warned: attemptOf(document, "are told to a team that rotates its tokens"),
    hostile: await failed((run) => run.name === HOSTILE_NAME),
  };
}

/** A page that fails its test on any violation of the content security policy, console error or uncaught error. */
export const test = base.extend<{ strict: undefined }, { at: Addresses }>({
  at: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from the pattern
    async ({}, use) => use(await addresses()),
    { scope: "worker" },
  ],
  strict: [
    async ({ page }, use) => {
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
      page.on("dialog", (dialog) => problems.push(`a dialog: ${dialog.message()}`));
      page.on("console", (message) => {
        // Chromium reports each refused request as an error; that a refusal is shown is what other tests look at.
        const expected = message.text().startsWith("Failed to load resource");
        if (message.type() === "error" && !expected) problems.push(message.text());
      });
      await use(undefined);
      expect(problems).toEqual([]);
    },
    { auto: true },
  ],
});

/** Presses Tab until an element has the focus, as somebody without a pointer does. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 100; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("Tab does not get there");
}

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Serious and critical findings of axe-core. It is run through the debugger, which the policy of the page lets pass. */
export async function seriousFindings(page: Page): Promise<string[]> {
  const { readFile } = await import("node:fs/promises");
  await page.evaluate(await readFile(AXE, "utf8"));
  return page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run: () => Promise<AxeResults> } }).axe;
    const { violations } = await axe.run();
    const serious = violations.filter((found) => found.impact === "serious" || found.impact === "critical");
    return serious.flatMap((found) => found.nodes.map((node) => `${found.id}: ${node.html.slice(0, 160)}`));
  });
}

interface AxeResults {
  violations: { id: string; impact: string; nodes: { html: string }[] }[];
}

export { expect };
