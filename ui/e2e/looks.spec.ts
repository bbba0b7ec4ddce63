// For everybody: both themes, narrow pages, and what axe-core finds.
import type { Locator, Page } from "@playwright/test";
import { type Addresses, expect, seriousFindings, test } from "./support/pages";

const culprit = (at: Addresses) => `span=${at.culprit.span_id}&tab=response`;

/** Each page, by its address and by what is there once all of it is. */
const PAGES: [string, (at: Addresses) => string, (page: Page) => Locator][] = [
  ["runs", () => "/runs", (page) => page.getByRole("cell", { name: "insights" }).first()],
  ["run", (at) => `/runs/${at.run}`, (page) => page.getByRole("heading", { name: /All tests/ })],
  [
    "timeline",
    (at) => `/a/${at.throttled.id}?${culprit(at)}`,
    (page) => page.getByRole("treegrid").getByRole("row", { selected: true }),
  ],
  ["graph", (at) => `/a/${at.throttled.id}?view=graph`, (page) => page.locator(".react-flow__node").first()],
  [
    "exchanges",
    (at) => `/a/${at.throttled.id}?view=exchanges&${culprit(at)}`,
    (page) => page.getByLabel("response body"),
  ],
  ["logs", (at) => `/a/${at.warned.id}?view=logs`, (page) => page.getByRole("cell", { name: "error" }).first()],
  ["tests", () => "/tests", (page) => page.getByRole("table", { name: "Tests" }).getByRole("link").first()],
  ["test", (at) => `/tests/${at.throttledTest}`, (page) => page.getByRole("region", { name: /^Duration/ })],
  ["dependencies", () => "/dependencies", (page) => page.getByRole("region", { name: "AWS Lambda" })],
  ["incidents", () => "/incidents", (page) => page.getByRole("region", { name: /^Rate limited/ }).first()],
  ["hostile", (at) => `/runs/${at.hostile.run.id}`, (page) => page.getByRole("heading", { name: /All tests/ })],
];

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });
    for (const [name, address, whole] of PAGES) {
      test(`${name} has no serious finding`, async ({ page, at }) => {
        await page.goto(at.base + address(at));
        await expect(whole(page)).toBeAttached();
        await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
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
  for (const [, address, whole] of PAGES) {
    await page.goto(at.base + address(at));
    await expect(whole(page)).toBeAttached();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over).toBe(0);
  }
  await page.goto(`${at.base}/a/${at.throttled.id}`);
  await page.getByRole("button", { name: "See the response" }).click();
  await expect(page.getByLabel("response body")).toBeInViewport();
});
