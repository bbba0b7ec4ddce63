// A test that passed, but not like its other passes: the run says so, the recording says in what, and leads to both calls.
import { test as base, expect, seriousFindings } from "./support/pages";
import { MOCHA, newStore, PROJECT, record, remove, serve } from "./support/server.mjs";

const ODD = "GET /orders/none answered 500, 404 in the others";

/** A server of a store in which the suite passed three times, the last time on another error. */
const test = base.extend<{ served: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from the pattern
  served: async ({}, use) => {
    const store = await newStore();
    for (const status of ["404", "404", "500"]) {
      const suite = { folder: PROJECT, command: [MOCHA, "test/odd.js"], env: { STATUS: status } };
      const { code, said } = await record(store, suite).done;
      if (code !== 0) throw new Error(`with ${status} it exited with ${code}:\n${said}`);
    }
    const server = await serve(store);
    await use(server.address);
    await server.stop();
    await remove(store);
  },
});

test("an odd pass is told on the page of its run, and shown beside another pass", async ({ page, served }) => {
  await page.goto(served);
  await page
    .getByRole("link", { name: /odd\.js/ })
    .first()
    .click();
  const odd = page.getByRole("region", { name: /Passed, but not like their other passes/ });
  await expect(odd).toContainText(ODD);
  const rows = page.getByRole("region", { name: /All tests/ }).getByRole("listitem");
  await expect(rows.filter({ hasText: "is refused" })).toContainText("unlike its other passes");
  await expect(rows.filter({ hasText: "needs nobody" })).not.toContainText("unlike");
  expect(await seriousFindings(page)).toEqual([]);

  await odd.getByRole("link", { name: /is refused when there is none/ }).click();
  const details = page.getByRole("complementary", { name: "Details" });
  await expect(details).toContainText("500");
  const banner = page.getByRole("status").filter({ hasText: "Passed, but not like its 2 other passes" });
  await expect(banner).toContainText("may be checking nothing");
  expect(await seriousFindings(page)).toEqual([]);
  await banner.getByRole("link", { name: /the same call in pass/ }).click();
  await expect(details).toContainText("404");
  await expect(banner).toHaveCount(0);
});
