// For everybody: both themes, narrow pages, and what axe-core finds.
import { type Addresses, expect, seriousFindings, test } from "./support/pages";

const culprit = (at: Addresses) => `span=${at.throttled.diagnosis?.culprit?.span_id}&tab=response`;

const PAGES: [string, (at: Addresses) => string][] = [
  ["runs", () => "/runs"],
  ["run", (at) => `/runs/${at.run}`],
  ["timeline", (at) => `/a/${at.throttled.id}?${culprit(at)}`],
  ["graph", (at) => `/a/${at.throttled.id}?view=graph`],
  ["exchanges", (at) => `/a/${at.throttled.id}?view=exchanges&${culprit(at)}`],
  ["logs", (at) => `/a/${at.throttled.id}?view=logs`],
];

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });
    for (const [name, address] of PAGES) {
      test(`${name} has no serious finding`, async ({ page, at }) => {
        await page.goto(at.base + address(at));
        await page.waitForLoadState("networkidle");
        await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
        expect(await seriousFindings(page)).toEqual([]);
      });
    }
  });
}

test("the chosen theme is there before the first paint, and stays", async ({ page, at }) => {
  await page.goto(`${at.base}/runs`);
  await page.getByRole("button", { name: /^Theme: system/ }).click();
  await page.getByRole("button", { name: /^Theme: light/ }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.route("**/assets/*.js", () => {});
  await page.reload({ waitUntil: "commit" });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("at 390 px nothing is cut off, and the response can be read", async ({ page, at }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [, address] of PAGES) {
    await page.goto(at.base + address(at));
    await page.waitForLoadState("networkidle");
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over).toBe(0);
  }
  await page.goto(`${at.base}/a/${at.throttled.id}`);
  await page.getByRole("button", { name: "See the response" }).click();
  await expect(page.getByLabel("response body")).toBeInViewport();
});
