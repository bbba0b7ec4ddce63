// The ways through the pages that the product promises.
import { expect, test } from "./support/pages";

test("from the run to the culprit's response in one click from its verdict", async ({ page, at }) => {
  await page.goto(`${at.base}/runs/${at.run}`);
  const cause = page.getByRole("listitem").filter({ hasText: "Rate Exceeded" }).first();
  await cause.getByRole("link", { name: "See the response" }).click();
  const details = page.getByRole("complementary", { name: "Details" });
  await expect(details.getByRole("tab", { name: "Response" })).toHaveAttribute("aria-selected", "true");
  await expect(details.getByLabel("response body")).toContainText('"message": "Rate Exceeded."');
});

test("from the verdict card to the response in one click", async ({ page, at }) => {
  await page.goto(`${at.base}/a/${at.throttled.id}`);
  await page.getByRole("button", { name: "See the response" }).click();
  await expect(page.getByLabel("response body")).toContainText("Rate Exceeded.");
  await expect(page.getByLabel("response body")).toBeInViewport();
});

test("a reload, a copied link and the way back show the same", async ({ page, context, at }) => {
  await page.goto(`${at.base}/a/${at.throttled.id}`);
  await page.getByRole("tab", { name: /Exchanges/ }).click();
  await page.getByRole("table", { name: "Exchanges" }).getByRole("button").last().click();
  await page.getByRole("tab", { name: "Request" }).click();
  await page.getByRole("textbox", { name: "Filter" }).fill("render-invoice");
  await expect(page).toHaveURL(/view=exchanges.*q=render-invoice|q=render-invoice.*view=exchanges/);
  const body = page.getByLabel("request body");
  await expect(body).toContainText("A-1001");
  const shown = await page.locator("#content").ariaSnapshot();
  const address = page.url();

  await page.reload();
  await expect(body).toContainText("A-1001");
  expect(await page.locator("#content").ariaSnapshot()).toBe(shown);

  const other = await context.newPage();
  await other.goto(address);
  await expect(other.getByLabel("request body")).toContainText("A-1001");
  expect(await other.locator("#content").ariaSnapshot()).toBe(shown);

  // Choosing made entries in the history; the filter and the tab did not.
  await page.goBack();
  await expect(page).toHaveURL(/view=exchanges/);
  await expect(page).not.toHaveURL(/span=/);
});

test("from the graph to the calls of a service, by picture and by table", async ({ page, at }) => {
  const { culprit } = at.throttled.diagnosis ?? {};
  for (const asTable of [false, true]) {
    await page.goto(`${at.base}/a/${at.throttled.id}?view=graph`);
    if (asTable) await page.getByRole("button", { name: "As a table" }).click();
    await page.getByRole("tabpanel").getByRole("button", { name: culprit?.peer }).first().click();
    await expect(page).toHaveURL(/view=exchanges/);
    await expect(page.getByRole("textbox", { name: "Filter" })).toHaveValue(`peer:"${culprit?.peer}"`);
    await expect(page.getByRole("table", { name: "Exchanges" }).getByRole("button").first()).toBeVisible();
  }
});

test("by keyboard alone", async ({ page, at }) => {
  await page.goto(`${at.base}/a/${at.throttled.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("renders the invoice");
  await page.keyboard.press("c");
  await expect(page.getByLabel("response body")).toContainText("Rate Exceeded.");
  await page.keyboard.press("3");
  await expect(page.getByRole("table", { name: "Exchanges" })).toBeVisible();
  await page.keyboard.press("k");
  await expect(page.getByRole("button", { pressed: true })).toHaveCount(1);
  await page.keyboard.press("e");
  await expect(page).toHaveURL(/span=[0-9a-f]{16}/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary", { name: "Details" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary", { name: "Details" })).toBeHidden();
  await page.keyboard.press("/");
  await page.keyboard.type("nothing-like-it");
  await expect(page.getByText("No call is like that.")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("]");
  await expect(page).not.toHaveURL(new RegExp(at.throttled.id));
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await expect(page).toHaveURL(/\/runs$/);
});

test("Enter presses what has the focus, and arrows scroll what is read", async ({ page, at }) => {
  await page.goto(`${at.base}/a/${at.throttled.id}?view=exchanges`);
  await expect(page.getByRole("table", { name: "Exchanges" })).toBeVisible();
  await page.keyboard.press("c");
  await expect(page.getByLabel("response body")).toContainText("Rate Exceeded.");
  const address = page.url();
  await page.getByRole("tab", { name: "Timing" }).focus();
  await page.getByRole("complementary", { name: "Details" }).press("ArrowUp");
  expect(page.url()).toContain(new URL(address).searchParams.get("span"));
  await page.getByRole("button", { name: "Close the details" }).press("Enter");
  await expect(page.getByRole("complementary", { name: "Details" })).toBeHidden();
});

test("shortcuts of a single key can be turned off", async ({ page, at }) => {
  await page.goto(`${at.base}/a/${at.throttled.id}`);
  await page.getByRole("button", { name: "Keys" }).click();
  await page.getByRole("checkbox", { name: "Shortcuts of a single key" }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("3");
  await page.getByRole("tab", { name: /Logs/ }).click();
  await expect(page).toHaveURL(/view=logs/);
  await page.keyboard.press("3");
  await expect(page).toHaveURL(/view=logs/);
});
