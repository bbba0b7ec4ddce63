// Takes a picture of every page in both themes, over recordings of the example `insights`. `BASE` names a
// server that runs already.
import { mkdir } from "node:fs/promises";
import { chromium } from "@playwright/test";
import { record, remove, serve, WHOLE } from "../e2e/support/server.mjs";

const OUT = process.env.OUT ?? "screenshots";
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };

async function addresses(base) {
  const ask = async (path) => (await fetch(`${base}/api/v1${path}`)).json();
  const { runs } = await ask("/runs");
  const bad = runs.find((run) => run.counts.failed > 0);
  const { tests } = await ask(`/runs/${bad.id}`);
  const attempts = tests.flatMap((test) => test.attempts).filter((attempt) => attempt.diagnosis?.culprit);
  const attempt = attempts.find((one) => one.diagnosis.cause === "rate-limited") ?? attempts[0];
  const recording = `/a/${attempt.id}`;
  const culprit = `span=${attempt.diagnosis.culprit.span_id}&tab=response`;
  return {
    runs: "/runs",
    run: `/runs/${bad.id}`,
    recording,
    response: `${recording}?${culprit}`,
    graph: `${recording}?view=graph`,
    exchanges: `${recording}?view=exchanges&${culprit}`,
    logs: `${recording}?view=logs`,
    "not-found": `${recording}?span=0123456789abcdef`,
  };
}

async function shoot(browser, base, theme, size, suffix) {
  const context = await browser.newContext({ viewport: size, colorScheme: theme, deviceScaleFactor: 1 });
  const page = await context.newPage();
  for (const [name, path] of Object.entries(await addresses(base))) {
    await page.goto(base + path);
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: `${OUT}/${name}-${theme}${suffix}.png`, fullPage: suffix !== "" });
  }
  await context.close();
}

const store = process.env.BASE === undefined ? await record(WHOLE) : null;
const server = store === null ? { address: process.env.BASE, stop: async () => {} } : await serve(store);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  await mkdir(OUT, { recursive: true });
  for (const theme of ["light", "dark"]) {
    await shoot(browser, server.address, theme, WIDE, "");
    await shoot(browser, server.address, theme, NARROW, "-390");
  }
} finally {
  await browser.close();
  await server.stop();
  if (store !== null) await remove(store);
}
