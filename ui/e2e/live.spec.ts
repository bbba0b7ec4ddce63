// Runs that go on while somebody looks: each page follows without a reload, and leaves the reader where they are.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect } from "./support/pages";
import { MOCHA, newStore, PROJECT, record, remove, serve } from "./support/server.mjs";

interface Live {
  /** The address of a server of an empty store. */
  base: string;
  /** Starts to record the slow suite into it (e2e/project/test/slow.js). */
  start: () => void;
  /** Lets a test of it go on. */
  open: (gate: string) => Promise<void>;
}

const test = base.extend<{ live: Live }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from the pattern
  live: async ({}, use) => {
    const store = await newStore();
    const gates = await mkdtemp(join(tmpdir(), "flakescope-gates-"));
    const server = await serve(store);
    let run: ReturnType<typeof record> | undefined;
    const suite = { folder: PROJECT, command: [MOCHA, "--timeout", "0", "test/slow.js"], env: { GATES: gates } };
    await use({
      base: server.address,
      start: () => {
        run = record(store, suite);
      },
      open: (gate) => writeFile(join(gates, gate), ""),
    });
    run?.stop();
    await run?.done;
    await server.stop();
    await remove(store);
    await rm(gates, { recursive: true });
  },
});

test("the page of an empty store becomes the list of runs, which follows the run", async ({ page, live }) => {
  await page.goto(live.base);
  await expect(page.getByRole("heading", { name: "Nothing recorded yet" })).toBeVisible();
  live.start();
  const row = page.getByRole("row").filter({ hasText: "slow.js" });
  await expect(row.getByText("running").first()).toBeAttached();
  await live.open("orders");
  await expect(row.getByText("passed").first()).toBeAttached();
  await live.open("stock");
  await live.open("ships");
  await expect(row.getByText("running")).toHaveCount(0);
  await expect(row.getByText("Dependency error")).toBeVisible();
});

test("the page of a run shows tests as they begin and end, then why they failed", async ({ page, live }) => {
  await page.goto(live.base);
  live.start();
  await page.getByRole("link", { name: /slow\.js/ }).click();
  await expect(page.getByText("running for")).toBeVisible();
  const tests = page.getByRole("region", { name: /All tests/ }).getByRole("listitem");
  await expect(tests.filter({ hasText: "orders" })).toContainText("running");
  await expect(page.getByRole("region", { name: /Failed so far/ })).toHaveCount(0);
  await page.getByRole("textbox", { name: "Filter tests" }).fill("o");
  await page.evaluate(() => Object.assign(window, { isTheSame: true }));

  await live.open("orders");
  await expect(tests.filter({ hasText: "orders" })).toContainText("passed");
  await expect(tests.filter({ hasText: "reads the stock" })).toContainText("running");
  await live.open("stock");
  await expect(page.getByRole("region", { name: /Failed so far/ })).toContainText("503 == 200");
  await live.open("ships");
  await expect(page.getByText("exit code 1")).toBeVisible();
  await expect(page.getByRole("region", { name: /Causes/ })).toContainText("answered 503");
  await expect(page.getByText("running")).toHaveCount(0);

  await expect(page.getByRole("textbox", { name: "Filter tests" })).toBeFocused();
  await expect(page.getByRole("textbox", { name: "Filter tests" })).toHaveValue("o");
  expect(await page.evaluate(() => "isTheSame" in window)).toBe(true);
});

test("a recording that goes on grows, and keeps what is selected", async ({ page, live }) => {
  await page.goto(live.base);
  live.start();
  await page.getByRole("link", { name: /slow\.js/ }).click();
  await page.getByRole("link", { name: /orders/ }).click();
  await expect(page.getByText("This test is running.")).toBeVisible();
  const grid = page.getByRole("treegrid", { name: "Timeline" });
  await expect(grid.getByRole("row")).toHaveCount(1);
  await grid.focus();
  await page.keyboard.press("Home");
  const chosen = await page.getByRole("row", { selected: true }).getAttribute("data-span");
  await expect(page.getByRole("complementary", { name: "Details" })).toBeVisible();

  await live.open("orders");
  await expect(grid.getByRole("row").filter({ hasText: "/orders" })).toHaveCount(1);
  await expect(page.getByText("This test is running.")).toHaveCount(0);
  await expect(page.getByRole("row", { selected: true })).toHaveAttribute("data-span", chosen ?? "");
  await expect(grid).toBeFocused();

  await page.keyboard.press("]");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("reads the stock");
  await live.open("stock");
  await expect(page.getByText("The verdict comes when the run has ended.")).toBeVisible();
  await live.open("ships");
  await expect(page.getByRole("heading", { level: 2, name: /answered 503/ })).toBeVisible();
  await expect(page.getByText("The verdict comes")).toHaveCount(0);
});
