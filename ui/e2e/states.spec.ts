// What the pages say when something is missing, slow or unknown.
import { expect, test } from "./support/pages";

test("an empty store explains how to record", async ({ page, at }) => {
  await page.route("**/api/v1/runs?*", (route) => route.fulfill({ json: { schema: 1, runs: [], more: false } }));
  await page.goto(at.base);
  await expect(page.getByRole("heading", { name: "Nothing recorded yet" })).toBeVisible();
  await expect(page.getByText("flakescope run -- npx mocha", { exact: true })).toBeVisible();
});

test("an unknown span is a remark, not a dead end", async ({ page, at }) => {
  await page.goto(`${at.base}/a/${at.throttled.id}?span=0123456789abcdef`);
  await expect(page.getByText("is not in this recording")).toBeVisible();
  await expect(page.getByRole("heading", { level: 2, name: /Rate Exceeded/ })).toBeVisible();
});

test("an unknown recording and an unknown page say so", async ({ page, at }) => {
  await page.goto(`${at.base}/a/ffffffffffff`);
  await expect(page.getByRole("alert")).toBeVisible();
  await page.goto(`${at.base}/nowhere`);
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
});

test("a failed answer can be asked for again", async ({ page, at }) => {
  let broken = true;
  await page.route("**/exchanges", (route) => {
    if (!broken) return route.continue();
    const error = { code: "ambiguous", message: "The store is busy.", hint: "Ask again." };
    return route.fulfill({ status: 409, json: { error } });
  });
  await page.goto(`${at.base}/a/${at.throttled.id}?view=exchanges`);
  await expect(page.getByText("The store is busy.")).toBeVisible();
  broken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("table", { name: "Exchanges" })).toBeVisible();
});

test("while an answer is awaited there is its place", async ({ page, at }) => {
  let answer = () => {};
  const wait = new Promise<void>((go) => {
    answer = go;
  });
  await page.route("**/api/v1/attempts/*", async (route) => {
    await wait;
    await route.continue();
  });
  await page.goto(`${at.base}/a/${at.throttled.id}`);
  await expect(page.getByRole("status", { name: "Loading the recording" })).toBeVisible();
  answer();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("show up when several functions crash at once");
});

/** What an empty store answers, and what the page says then. */
const EMPTY: [string, string, object, string][] = [
  ["/tests", "tests?*", { tests: [] }, "No tests are recorded here yet."],
  ["/tests?flaky=true", "tests?*", { tests: [] }, "No test is known to be flaky."],
  [
    "/dependencies",
    "dependencies?*",
    { runs: 0, recordings: 0, left_out: 0, diagnosed: 0, dependencies: [] },
    "No calls are recorded here yet.",
  ],
  [
    "/incidents",
    "incidents?*",
    { diagnoses: 0, undetermined: 0, disputed: 0, incidents: [] },
    "No failure with a known cause is recorded here yet.",
  ],
];

for (const [address, asked, answer, said] of EMPTY) {
  test(`${address} of an empty store says what to do`, async ({ page, at }) => {
    await page.route(`**/api/v1/${asked}`, (route) => route.fulfill({ json: { schema: 1, ...answer } }));
    await page.goto(at.base + address);
    await expect(page.getByText(said)).toBeVisible();
  });
}

test("a filter that leaves nothing says so, and an unknown test is an error", async ({ page, at }) => {
  for (const [address, said] of [
    ["/tests?q=nothing-like-it", "No test is like that."],
    ["/dependencies?q=nothing-like-it", "No dependency is like that."],
    ["/incidents?q=nothing-like-it", "No incident is like that."],
  ]) {
    await page.goto(at.base + address);
    await expect(page.getByText(said ?? "")).toBeVisible();
  }
  await page.goto(`${at.base}/tests/ffffffffffff`);
  await expect(page.getByRole("alert")).toBeVisible();
});
