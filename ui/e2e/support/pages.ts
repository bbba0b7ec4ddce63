// Where the pages of the recorded runs are, and what every page must hold to.
import { createRequire } from "node:module";
import { test as base, expect, type Page } from "@playwright/test";
import type { Attempt, RunDocument, RunPage } from "../../src/api/types";

export interface Addresses {
  base: string;
  run: string;
  /** The attempt that the Lambda stand-in throttled. */
  throttled: Attempt;
  document: RunDocument;
}

async function addresses(): Promise<Addresses> {
  const at = process.env.FLAKESCOPE_BASE ?? "";
  const ask = async <T>(path: string): Promise<T> => (await fetch(`${at}/api/v1${path}`)).json();
  const { runs } = await ask<RunPage>("/runs");
  const bad = runs.find((run) => run.counts.failed > 0);
  if (bad === undefined) throw new Error("no run failed");
  const document = await ask<RunDocument>(`/runs/${bad.id}`);
  const attempts = document.tests.flatMap((test) => test.attempts);
  const throttled = attempts.find((attempt) => attempt.diagnosis?.cause === "rate-limited");
  if (throttled === undefined) throw new Error("no attempt was throttled");
  return { base: at, run: bad.id, throttled, document };
}

/** A page that fails its test on any violation of the content security policy, console error or uncaught error. */
export const test = base.extend<{ at: Addresses; strict: undefined }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from the pattern
  at: async ({}, use) => use(await addresses()),
  strict: [
    async ({ page }, use) => {
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
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
