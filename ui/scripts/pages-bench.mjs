// Measures the pages of one recording in Chromium as a reader meets them: opened, scrolled, filtered, chosen from, by
// wall clock and by the CPU time of the browser's renderers. By hand: `node scripts/pages-bench.mjs ADDRESS ATTEMPT`, of a
// server that runs (`scripts/large.mjs` fills one). Prints a table in Markdown.
import { loadavg } from "node:os";
import { chromium } from "@playwright/test";

const [base, attempt] = process.argv.slice(2);
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const PAINTED = () => performance.getEntriesByName("flakescope:painted").length > 0;

const round = (value) => (value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10));
const sorted = (values) => [...values].sort((a, b) => a - b);
const median = (values) => sorted(values)[values.length >> 1] ?? 0;
const both = (values) => `${round(median(values))} (${round(Math.min(...values))})`;

/** Collects from the start what only observers hear of. */
function observe() {
  window.seen = { long: [], inputs: [] };
  const watch = (type, list, options) =>
    new PerformanceObserver((entries) => list.push(...entries.getEntries().map((entry) => entry.duration))).observe({
      type,
      buffered: true,
      ...options,
    });
  watch("longtask", window.seen.long, {});
  watch("event", window.seen.inputs, { durationThreshold: 16 });
}

async function open(browser, view) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on("pageerror", (error) => console.error(error.message));
  await page.addInitScript(observe);
  const [start, before] = [performance.now(), await worked()];
  await page.goto(`${base}/a/${attempt}${view}`);
  return { page, start, before };
}

/** The CPU time of all renderer processes, in milliseconds: what it costs, however busy the machine is. */
async function worked() {
  const { processInfo } = await system.send("SystemInfo.getProcessInfo");
  return processInfo.filter((one) => one.type === "renderer").reduce((sum, one) => sum + one.cpuTime * 1000, 0);
}

/** What doing something takes, until `done` holds in the page and it has been painted. */
async function act(page, what, done, given) {
  await page.evaluate(() => {
    window.seen.long.length = 0;
    window.seen.inputs.length = 0;
  });
  const before = await worked();
  const start = performance.now();
  await what();
  if (done) await page.waitForFunction(done, given, { timeout: 60_000 });
  const took = performance.now() - start;
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
  const seen = await page.evaluate(() => window.seen);
  return {
    took,
    cpu: (await worked()) - before,
    long: Math.max(0, ...seen.long),
    input: Math.max(0, ...seen.inputs),
  };
}

/** The time between frames while an element is scrolled by so many pixels in each. */
function scroll(page, selector) {
  return page.evaluate(
    (which) =>
      new Promise((done) => {
        const element = document.querySelector(which);
        const frames = [];
        let last = performance.now();
        const tick = (now) => {
          frames.push(now - last);
          last = now;
          element.scrollTop += 660;
          if (frames.length < 240) requestAnimationFrame(tick);
          else done(frames.slice(1));
        };
        requestAnimationFrame(tick);
      }),
    selector,
  );
}

function frames(values) {
  const at = (share) => sorted(values)[Math.floor(values.length * share)];
  return `${round(at(0.5))} / ${round(at(0.95))} (${values.filter((value) => value > 33.5).length} of ${values.length})`;
}

const say = (what, got) => {
  const { took, cpu, long, input } = got;
  console.log(`| ${[what, round(took), round(cpu), round(long), round(input), round(loadavg()[0])].join(" | ")} |`);
};

async function openings(browser) {
  const marks = { header: [], painted: [], cpu: [], long: [] };
  for (let index = 0; index <= ROUNDS; index += 1) {
    const { page, before } = await open(browser, "");
    await page.waitForFunction(PAINTED, null, { timeout: 120_000 });
    const mark = (name) => page.evaluate((of) => performance.getEntriesByName(of)[0].startTime, name);
    const header = await mark("flakescope:header");
    const painted = await mark("flakescope:painted");
    const long = await page.evaluate(() => Math.max(0, ...window.seen.long));
    // The first one warms the server and the machine.
    if (index > 0) {
      marks.header.push(header);
      marks.painted.push(painted);
      marks.cpu.push((await worked()) - before);
      marks.long.push(long);
    }
    await page.close();
  }
  console.log(
    `header ${both(marks.header)}, painted ${both(marks.painted)}, CPU ${both(marks.cpu)}, longest task ${both(marks.long)}`,
  );
}

async function timeline(browser) {
  const { page } = await open(browser, "");
  await page.waitForFunction(PAINTED, null, { timeout: 120_000 });
  await page.waitForLoadState("networkidle");
  console.log(`timeline, scrolled: ${frames(await scroll(page, "[role=treegrid]"))}`);
  const grid = page.getByRole("treegrid");
  await grid.focus();
  const key = (name) => () => page.keyboard.press(name);
  const detail = () => document.querySelector("aside") !== null;
  say("timeline: Home, the details open", await act(page, key("Home"), detail));
  for (const name of ["j", "j", "e", "e", "z", "0"]) say(`timeline: key ${name}`, await act(page, key(name)));
  say(
    "timeline: Escape, the details close",
    await act(page, key("Escape"), () => document.querySelector("aside") === null),
  );
  const measured = () => performance.getEntriesByName("flakescope:reorder").length > 0;
  const fill = (text) => () => page.getByRole("textbox", { name: "Filter" }).fill(text);
  say("timeline: filter", await act(page, fill("things/77"), measured));
  await page.close();
}

async function list(browser, view, text) {
  const { page, before, start } = await open(browser, `?view=${view}`);
  await page.waitForFunction(() => document.querySelector("[role=table] [aria-rowindex='2']") !== null, null, {
    timeout: 120_000,
  });
  const took = performance.now() - start;
  const long = await page.evaluate(() => Math.max(0, ...window.seen.long));
  say(`${view}: opened`, { took, cpu: (await worked()) - before, long, input: 0 });
  await page.waitForLoadState("networkidle");
  console.log(`${view}, scrolled: ${frames(await scroll(page, "[role=table]"))}`);
  const filter = page.getByRole("textbox", { name: "Filter" });
  const count = await page.getByRole("table").getAttribute("aria-rowcount");
  const rowCount = () => document.querySelector("[role=table]")?.getAttribute("aria-rowcount");
  await page.evaluate(`window.rowCount_ = ${rowCount}`);
  const changed = (all) => window.rowCount_() !== all;
  const back = (all) => window.rowCount_() === all;
  await filter.focus();
  say(`${view}: filter`, await act(page, () => page.keyboard.type(text), changed, count));
  say(`${view}: no filter`, await act(page, () => filter.fill(""), back, count));
  await page.locator(`#view-${view}`).focus();
  for (const name of ["j", "j", "End"]) say(`${view}: key ${name}`, await act(page, () => page.keyboard.press(name)));
  await page.close();
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--enable-precise-memory-info"],
});
const system = await browser.newBrowserCDPSession();
try {
  await openings(browser);
  console.log("| what | wall ms | CPU ms | longest task | worst input | load |\n|---|--:|--:|--:|--:|--:|");
  await timeline(browser);
  await list(browser, "exchanges", "things/77");
  await list(browser, "logs", "item 77");
} finally {
  await browser.close();
}
