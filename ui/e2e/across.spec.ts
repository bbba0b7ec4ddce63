// The pages about many recordings, on a good day and a bad day of the example: whole pages as they must read, and every link.
import type { DependencyList, IncidentList, TestHistory, TestList } from "../src/api/types";
import { expect, tabTo, test } from "./support/pages";

const THROTTLED = "crashes › show up when several functions crash at once";

async function ask<T>(base: string, path: string): Promise<T> {
  return (await fetch(`${base}/api/v1${path}`)).json();
}

test("the history of a test reads as `flakescope why` does", async ({ page, at }) => {
  await page.goto(`${at.base}/tests/${at.throttledTest}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(THROTTLED);
  const parts = await page.locator("#content").ariaSnapshot();
  const seen = parts.replace(/\[level=\d\]|\/url: .*/g, "");
  for (const expected of [
    "2 attempts in 2 runs 1 passed, 1 failed",
    /list "Outcomes, oldest first":\s+- listitem:\s+- link "passed, attempt 1, [\s\S]*- link "failed, attempt 1, /,
    "Flaky: it failed and passed with nothing changed shares with their 95 % intervals",
    'row "both outcomes on one commit 1 of 1 commit tried more than once 100 % (20 to 100 %)"',
    'row "passed on retry 0 of 2 runs 0 % (0 to 66 %)"',
    'row "other outcome than the run before 1 of 1 run after another on its branch 100 % (20 to 100 %)"',
    'region "Why it failed of 1 diagnosed failure"',
    "1 of 1 Rate limited · AWS Lambda",
    /Failed because AWS Lambda answered 429 \(TooManyRequestsException: Rate Exceeded\) at [\d.]+ m?s, the last of 2 tries\./,
    "newest failure: the first that was recorded",
    'region "What differs when it fails of 1 failing and 1 passing recording"',
    /row "1 outcome\(POST AWS Lambda \S+\) = 429 TooManyRequestsException 1 of 1 0 of 1"/,
    'row "2 missing(POST Elasticsearch /insights/_search) 1 of 1 0 of 1"',
    "too few passing attempts to say how it changes (n = 1)",
  ]) {
    if (typeof expected === "string") expect(seen).toContain(expected);
    else expect(seen).toMatch(expected);
  }
});

test("the outcomes are walked by arrows, and lead to their recordings", async ({ page, at }) => {
  const { outcomes } = await ask<TestHistory>(at.base, `/tests/${at.throttledTest}`);
  await page.goto(`${at.base}/tests/${at.throttledTest}`);
  const links = page.getByRole("list", { name: "Outcomes, oldest first" }).getByRole("link");
  await expect(links).toHaveCount(outcomes.length);
  const addresses = await links.evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  expect(addresses).toEqual(outcomes.toReversed().map((past) => `/a/${past.attempt}`));
  await tabTo(page, links.last());
  await page.keyboard.press("ArrowLeft");
  await expect(links.first()).toBeFocused();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${at.base}/a/${at.throttled.id}`);
  await expect(page.getByRole("heading", { level: 2, name: /Rate Exceeded/ })).toBeVisible();
  await page.keyboard.press("h");
  await expect(page).toHaveURL(`${at.base}/tests/${at.throttledTest}`);
});

test("a poll is shown against the patience of its test", async ({ page, at }) => {
  const { tests } = await ask<TestList>(at.base, "/tests");
  for (const { id } of tests) {
    const { polls } = await ask<TestHistory>(at.base, `/tests/${id}`);
    if (polls.length === 0) continue;
    await page.goto(`${at.base}/tests/${id}`);
    const entries = page.getByRole("region", { name: "How long it looks until it sees" }).getByRole("listitem");
    await expect(entries).toHaveCount(polls.length);
    await expect(entries.first()).toContainText(/passing recordings needed [\d.]+ m?s/);
    return;
  }
  throw new Error("no test of the example polls");
});

test("tests are narrowed to flaky ones and ordered, all of it in the address", async ({ page, at }) => {
  const { tests } = await ask<TestList>(at.base, "/tests");
  const flaky = tests.filter((one) => one.rates.flaky);
  expect(flaky.length).toBeGreaterThan(0);
  expect(flaky.length).toBeLessThan(tests.length);
  await page.goto(`${at.base}/tests`);
  const table = page.getByRole("table", { name: "Tests" });
  await expect(table).toHaveAttribute("aria-rowcount", String(tests.length + 1));
  await page.getByRole("button", { name: "flaky only" }).click();
  await expect(table).toHaveAttribute("aria-rowcount", String(flaky.length + 1));
  await page.getByRole("button", { name: /^Test/ }).click();
  await expect(page).toHaveURL(/flaky=true/);
  await expect(page).toHaveURL(/sort=name/);
  await expect(page.getByRole("columnheader", { name: /^Test/ })).toHaveAttribute("aria-sort", "ascending");
  await page.reload();
  await expect(table).toHaveAttribute("aria-rowcount", String(flaky.length + 1));
  await expect(table.getByRole("link").first()).toBeVisible();
  const names = await table.getByRole("row").getByRole("link").allTextContents();
  expect(names.length).toBeGreaterThan(1);
  expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b, "en")));
  await table.getByRole("link", { name: THROTTLED }).click();
  await expect(page.getByRole("heading", { level: 1, name: THROTTLED })).toBeVisible();
});

test("each dependency is told, with the newest failure that it caused", async ({ page, at }) => {
  const { dependencies } = await ask<DependencyList>(at.base, "/dependencies");
  await page.goto(`${at.base}/dependencies`);
  for (const { name, caused, errors } of dependencies) {
    const peer = page.getByRole("region", { name, exact: true });
    await expect(peer).toContainText(`${caused.failures.count > 0 ? "diagnosed failures" : "Calls"}`);
    await expect(peer.getByRole("list", { name: `Errors of ${name}` }).getByRole("listitem")).toHaveCount(
      errors.length,
    );
  }
  const lambda = page.getByRole("region", { name: "AWS Lambda", exact: true });
  await expect(lambda).toContainText("429 TooManyRequestsException ×");
  await expect(lambda).toContainText("refusals without another try");
  await lambda.getByRole("link", { name: "Newest of them" }).click();
  await expect(page.getByRole("heading", { level: 2 }).first()).toContainText("AWS Lambda");
});

test("each incident leads to the failures that it is made of", async ({ page, at }) => {
  const { incidents } = await ask<IncidentList>(at.base, "/incidents");
  await page.goto(`${at.base}/incidents`);
  const lists = page.getByRole("list", { name: "Failures" });
  await expect(lists).toHaveCount(incidents.length);
  const hits = incidents.flatMap((incident) => incident.hits);
  for (const { attempt } of hits) await expect(page.locator(`#content a[href="/a/${attempt}"]`).first()).toBeVisible();
  const throttled = page.getByRole("region", { name: /^Rate limited/ }).filter({ hasText: THROTTLED });
  await expect(throttled).toContainText(/1 failure of 1 test in 1 run on retry-insights/);
  await expect(throttled).toContainText(/ m?s of test time/);
  await throttled.getByRole("link", { name: "history" }).click();
  await expect(page.getByRole("heading", { level: 1, name: THROTTLED })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await expect(page).toHaveURL(/\/dependencies$/);
});

test("a hostile test is text in its history and in the list", async ({ page, at }) => {
  const id = at.hostile.tests.find((one) => one.status === "failed")?.id;
  for (const address of ["/tests", `/tests/${id}`, "/dependencies", "/incidents"]) {
    await page.goto(at.base + address);
    await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator("#content img, #content script, #content iframe")).toHaveCount(0);
    expect(await page.locator("body").textContent()).not.toMatch(/[\u202e\u001b\u200b]/);
  }
});
