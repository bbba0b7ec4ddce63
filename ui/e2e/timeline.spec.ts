// The timeline, read through its tree grid: what lies on the canvas lies there too, row upon row.
import { expect, test } from "./support/pages";

test("the culprit is in view, and a click on its row opens its response", async ({ page, at }) => {
  const culprit = at.culprit.span_id;
  await page.goto(`${at.base}/a/${at.throttled.id}`);
  const row = page.getByRole("treegrid", { name: "Timeline" }).locator(`[data-span="${culprit}"]`);
  await expect(row).toContainText(String(at.culprit.status));
  await expect(row).toContainText("the verdict holds the failure against it");
  await row.click({ force: true });
  await expect(page).toHaveURL(new RegExp(`span=${culprit}`));
  await expect(page.getByRole("row", { selected: true })).toHaveAttribute("data-span", culprit);
});

test("by key: down, closed, opened, zoomed and back", async ({ page, at }) => {
  await page.goto(`${at.base}/a/${at.throttled.id}`);
  const rows = page.getByRole("treegrid", { name: "Timeline" }).getByRole("row");
  await expect(rows.first()).toBeAttached();
  await page.keyboard.press("Home");
  const first = page.getByRole("row", { selected: true });
  await expect(first).toHaveAttribute("aria-level", "1");
  await page.keyboard.press("ArrowLeft");
  await expect(first).toHaveAttribute("aria-expanded", "false");
  await expect(rows).toHaveCount(1);
  await page.keyboard.press("ArrowRight");
  await expect(first).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("j");
  await expect(page.getByRole("row", { selected: true })).toHaveAttribute("aria-level", "2");
  await page.keyboard.press("z");
  await expect(page).toHaveURL(/t=[\d.]+-[\d.]+/);
  await page.keyboard.press("0");
  await expect(page).not.toHaveURL(/t=/);
});

test("opening and closing the details leaves the timeline where it is", async ({ page, at }) => {
  await page.goto(`${at.base}/a/${at.throttled.id}`);
  const grid = page.getByRole("treegrid", { name: "Timeline" });
  const canvas = await page.locator("#view canvas").last().elementHandle();
  const width = async () => (await canvas?.boundingBox())?.width ?? 0;
  const wide = await width();
  const isThere = () => canvas?.evaluate((element) => element.isConnected);
  await grid.focus();
  await page.keyboard.press("End");
  const details = page.getByRole("complementary", { name: "Details" });
  await expect(details).toBeVisible();
  await expect.poll(width).toBeLessThan(wide);
  expect(await isThere()).toBe(true);
  await expect(grid).toBeFocused();
  const last = await page.getByRole("row", { selected: true }).getAttribute("data-span");
  await page.keyboard.press("Escape");
  await expect(details).toBeHidden();
  await expect.poll(width).toBe(wide);
  expect(await isThere()).toBe(true);
  await expect(grid.locator(`[data-span="${last}"]`)).toBeInViewport();
});

test("damaged bytes are said to be damaged", async ({ page, at }) => {
  await page.route("**/timeline", async (route) => {
    const body = await (await route.fetch()).body();
    await route.fulfill({ body: body.subarray(0, body.length - 1) });
  });
  await page.goto(`${at.base}/a/${at.throttled.id}`);
  await expect(page.getByText("The timeline is damaged: the column “group” is cut off.")).toBeVisible();
});
