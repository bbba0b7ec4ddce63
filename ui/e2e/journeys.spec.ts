// The ways through the pages that the product promises, on the recordings of the example.
import { expect, tabTo, test } from "./support/pages";

const THROTTLED = '"message": "Rate Exceeded."';

test("from the run to the culprit's response in one click from its verdict", async ({ page, at }) => {
  await page.goto(`${at.base}/runs/${at.run}`);
  const cause = page.getByRole("listitem").filter({ hasText: "show up when several functions crash at once" });
  await cause.getByRole("link", { name: "See the response" }).click();
  const details = page.getByRole("complementary", { name: "Details" });
  await expect(details.getByRole("tab", { name: "Response" })).toHaveAttribute("aria-selected", "true");
  await expect(details.getByLabel("response body")).toContainText(THROTTLED);
  await expect(details.getByLabel("response body")).toBeInViewport();
});

test("a response that is open already is brought into view and marked", async ({ page, at }) => {
  await page.setViewportSize({ width: 900, height: 420 });
  const { span_id } = at.throttled.diagnosis?.culprit ?? { span_id: "" };
  await page.goto(`${at.base}/a/${at.throttled.id}?span=${span_id}&tab=response`);
  const details = page.getByRole("complementary", { name: "Details" });
  await expect(details.getByLabel("response body")).toContainText(THROTTLED);
  await expect(details).not.toBeInViewport();
  await page.evaluate(() => {
    const marked = Element.prototype.animate;
    Element.prototype.animate = function (...given) {
      document.body.dataset.marked = this.getAttribute("aria-label") ?? "";
      return marked.apply(this, given);
    };
  });
  await page.getByRole("button", { name: "See the response" }).click();
  await expect(details).toBeInViewport();
  await expect(page.locator("body")).toHaveAttribute("data-marked", "Details");
});

test("each cause leads to what its peer answered", async ({ page, at }) => {
  for (const attempt of at.document.tests.flatMap((one) => one.attempts)) {
    const culprit = attempt.diagnosis?.culprit ?? null;
    if (culprit === null) continue;
    await page.goto(`${at.base}/a/${attempt.id}`);
    await page.getByRole("button", { name: /See the (response|call)$/ }).click();
    const details = page.getByRole("complementary", { name: "Details" });
    await expect(details).toContainText(culprit.peer);
    await expect(
      details.getByText(culprit.status === null ? "no answer" : String(culprit.status)).first(),
    ).toBeVisible();
  }
});

test("a reload, a copied link in another browser, and the way back show the same", async ({ page, browser, at }) => {
  // What was recorded “just now” is a minute old a moment later: the same moment for each time that it is shown.
  const now = new Date();
  await page.clock.setFixedTime(now);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: at.base });
  await page.goto(`${at.base}/a/${at.throttled.id}`);
  await page.getByRole("tab", { name: /Exchanges/ }).click();
  await page.getByRole("textbox", { name: "Filter" }).fill("crash-burst");
  await expect(page).toHaveURL(/q=crash-burst/);
  await page
    .getByRole("table", { name: "Exchanges" })
    .getByRole("button", { name: /invocations/ })
    .last()
    .click();
  await page.getByRole("tab", { name: "Request" }).click();
  const body = page.getByLabel("request body");
  await expect(body).toContainText("Cannot read properties of undefined");
  const shown = await page.locator("#content").ariaSnapshot();
  await page.getByRole("button", { name: "Copy link" }).click();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toBe(page.url());

  await page.reload();
  await expect(body).toContainText("Cannot read properties of undefined");
  await expect.poll(() => page.locator("#content").ariaSnapshot()).toBe(shown);

  const elsewhere = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const other = await elsewhere.newPage();
  await other.clock.setFixedTime(now);
  await other.goto(address);
  await expect(other.getByLabel("request body")).toContainText("Cannot read properties of undefined");
  await expect.poll(() => other.locator("#content").ariaSnapshot()).toBe(shown);
  await elsewhere.close();

  // Choosing made an entry in the history; the filter and the tab did not.
  await page.goBack();
  await expect(page).toHaveURL(/view=exchanges/);
  await expect(page).not.toHaveURL(/span=/);
});

test("from the graph to the calls of a service, by picture and by table", async ({ page, at }) => {
  for (const asTable of [false, true]) {
    await page.goto(`${at.base}/a/${at.throttled.id}?view=graph`);
    if (asTable) await page.getByRole("button", { name: "As a table" }).click();
    await page.getByRole("tabpanel").getByRole("button", { name: at.culprit.peer }).first().click();
    await expect(page).toHaveURL(/view=exchanges/);
    await expect(page.getByRole("textbox", { name: "Filter" })).toHaveValue(`peer:"${at.culprit.peer}"`);
    await expect(page.getByRole("table", { name: "Exchanges" }).getByRole("button").first()).toBeVisible();
  }
});

test("from what a service logged to the span that wrote it", async ({ page, at }) => {
  await page.goto(`${at.base}/a/${at.warned.id}?view=logs`);
  const warning = page.getByRole("table", { name: "Logs" }).getByRole("row").filter({ hasText: "token_expired" });
  await warning.getByRole("button", { name: /^\+/ }).click();
  await expect(page.getByRole("complementary", { name: "Details" })).toBeVisible();
  await expect(page).toHaveURL(/span=[0-9a-f]{16}/);
});

test("by keyboard alone, from the runs to the culprit's response and on", async ({ page, at }) => {
  await page.goto(`${at.base}/runs`);
  await tabTo(page, page.locator(`a[href="/runs/${at.run}"]`));
  await page.keyboard.press("Enter");
  const cause = page.getByRole("listitem").filter({ hasText: "show up when several functions crash at once" });
  await tabTo(page, cause.getByRole("link", { name: "See the response" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("show up when several functions crash at once");
  await expect(page.getByLabel("response body")).toContainText(THROTTLED);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary", { name: "Details" })).toBeHidden();
  await page.keyboard.press("c");
  await expect(page.getByLabel("response body")).toContainText(THROTTLED);
  await page.keyboard.press("3");
  await expect(page.getByRole("table", { name: "Exchanges" })).toBeVisible();
  await page.keyboard.press("k");
  await expect(page.getByRole("table").getByRole("button", { pressed: true })).toHaveCount(1);
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
  await expect(page.getByLabel("response body")).toContainText(THROTTLED);
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
