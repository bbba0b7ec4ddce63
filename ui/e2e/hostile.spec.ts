// A recorded suite that means harm by its name, its error, and what it sent and received: all of it is text.
import type { Page } from "@playwright/test";
import { type Addresses, expect, test } from "./support/pages";

const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script>';

/** Nothing of it became an element, nothing acted, and what cannot be seen is shown as a sign. */
async function expectHarmless(page: Page): Promise<void> {
  await expect(page.locator("#content img, #content script, #content iframe")).toHaveCount(0);
  await expect(page.locator("a[href^='javascript:'], a[href^='data:']")).toHaveCount(0);
  expect(await page.title()).not.toMatch(/^[123]$/);
  const seen = await page.evaluate(() => `${document.title}${document.body.textContent}`);
  expect(seen).not.toMatch(/[\u202e\u001b\u200b]/);
}

function attemptOf(at: Addresses) {
  const attempt = at.hostile.tests.flatMap((one) => one.attempts).find((one) => one.status === "failed");
  if (attempt === undefined) throw new Error("the hostile test did not fail");
  return attempt;
}

test("its name is text among the runs and on its page", async ({ page, at }) => {
  await page.goto(`${at.base}/runs`);
  await expect(page.getByRole("link", { name: "<img src=x" })).toBeVisible();
  await expectHarmless(page);
  await page.getByRole("link", { name: "<img src=x" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("<img src=x");
  await expect(page.getByText(MARKUP).first()).toBeVisible();
  await expectHarmless(page);
});

test("its test, error, bodies, headers and address are text", async ({ page, at }) => {
  const attempt = attemptOf(at);
  await page.goto(`${at.base}/a/${attempt.id}?view=exchanges`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(MARKUP);
  await page.getByRole("table", { name: "Exchanges" }).getByRole("button").click();
  await page.getByRole("tab", { name: "Response" }).click();
  await expect(page.getByLabel("response body")).toContainText("<script>document.title=2</script>");
  await expect(page.getByLabel("response body")).toContainText("RLO");
  await expect(page.getByText(MARKUP).first()).toBeVisible();
  await expectHarmless(page);
  await page.getByRole("tab", { name: "Request" }).click();
  await expect(page.getByLabel("request body")).toContainText("<script>document.title=2</script>");
  await expectHarmless(page);
  for (const view of [/Timeline/, /Graph/, /Logs/]) {
    await page.getByRole("tablist", { name: "Views" }).getByRole("tab", { name: view }).click();
    await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
    await expectHarmless(page);
  }
});
