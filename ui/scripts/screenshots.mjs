// Takes a picture of every page in both themes and three widths, over recordings of the example `insights`. `BASE` names
// a server that runs already.
import { mkdir } from "node:fs/promises";
import { chromium } from "@playwright/test";
import { newStore, recordExample, remove, serve } from "../e2e/support/server.mjs";

const OUT = process.env.OUT ?? "screenshots";
/** What the names of the pictures end in, by size. The narrow pages are shown from top to bottom. */
const SIZES = {
  "": { width: 1440, height: 900 },
  "-900": { width: 900, height: 900 },
  "-390": { width: 390, height: 844 },
};

async function addresses(base) {
  const ask = async (path) => (await fetch(`${base}/api/v1${path}`)).json();
  const { runs } = await ask("/runs");
  const bad = runs.find((run) => run.project === "insights" && run.counts.failed > 0);
  const { tests } = await ask(`/runs/${bad.id}`);
  const attemptOf = (name) => tests.find((test) => test.name === name).attempts.at(-1);
  const attempt = attemptOf("show up when several functions crash at once");
  const warned = attemptOf("are told to a team that rotates its tokens");
  const recording = `/a/${attempt.id}`;
  const culprit = `span=${attempt.diagnosis.culprit.span_id}&tab=response`;
  return {
    runs: "/runs",
    run: `/runs/${bad.id}`,
    recording,
    response: `${recording}?${culprit}`,
    graph: `${recording}?view=graph`,
    exchanges: `${recording}?view=exchanges&${culprit}`,
    logs: `/a/${warned.id}?view=logs`,
    undetermined: `/a/${attemptOf("show up soon after the function has ended").id}`,
    "no-answer": `/a/${attemptOf("are shown on a timeline").id}`,
    passed: `/a/${attemptOf("show up as insights").id}`,
    tests: "/tests",
    test: `/tests/${tests.find((test) => test.attempts.at(-1) === attempt).id}`,
    dependencies: "/dependencies",
    incidents: "/incidents",
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

async function recorded() {
  const store = await newStore();
  await recordExample(store);
  return store;
}

const store = process.env.BASE === undefined ? await recorded() : null;
const server = store === null ? { address: process.env.BASE, stop: async () => {} } : await serve(store);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  await mkdir(OUT, { recursive: true });
  for (const theme of ["light", "dark"]) {
    for (const [suffix, size] of Object.entries(SIZES)) await shoot(browser, server.address, theme, size, suffix);
  }
} finally {
  await browser.close();
  await server.stop();
  if (store !== null) await remove(store);
}
