// Measures the timeline in Chromium with recordings made up from a seed, against the targets P2 to P7 and P10 of the
// pages' design. Run by hand: `npm run build && node scripts/timeline-bench.mjs [spans…]`. Prints a table in Markdown.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { loadavg } from "node:os";
import { extname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "@playwright/test";
import { createServer as createVite } from "vite";

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000, 1_000_000];
const DIST = resolve(process.env.DIST ?? "dist");
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const ATTEMPT = "00000000000000000000000000000001";
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

const HEAD = {
  schema: 1,
  run: {
    id: "f".repeat(32),
    short_id: "ffffff",
    name: null,
    duration_ms: 1,
    exit_code: 0,
    project: "measured",
    command: ["none"],
    started: "2026-11-22T10:00:00.000Z",
    state: "sealed",
    tags: {},
    counts: { passed: 1, failed: 0, flaky: 0, skipped: 0, unfinished: 0, not_run: 0, failed_fixtures: 0 },
    causes: [],
  },
  test: {
    id: "1",
    kind: "test",
    suite: ["measured"],
    name: "a made-up recording",
    file: "none.js",
    line: 1,
    not_run: null,
    parameters: "",
    configuration: "",
    status: "passed",
    attempts: [
      {
        id: ATTEMPT,
        short_id: "000000",
        trace_id: ATTEMPT,
        retried: false,
        worker: null,
        timeout_ms: null,
        skip_reason: null,
        tags: {},
        number: 1,
        status: "passed",
        duration_ms: 1,
        started: "2026-11-22T10:00:00.000Z",
        exchanges: 0,
        spans: 0,
        gaps: [],
        fixtures: [],
        diagnosis: null,
        error: null,
      },
    ],
  },
  tries: [],
  logs: 0,
  warnings: 0,
  previous: null,
  next: null,
};

/** The built pages, and an API that knows one recording. */
async function serve(bytes) {
  const json = { [`/api/v1/attempts/${ATTEMPT}`]: HEAD };
  json[`/api/v1/attempts/${ATTEMPT}/exchanges`] = { schema: 1, calls: [] };
  json[`/api/v1/attempts/${ATTEMPT}/logs`] = { schema: 1, logs: [] };
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://none").pathname;
    if (path.endsWith("/timeline")) return response.end(Buffer.from(bytes));
    if (path in json) return response.end(JSON.stringify(json[path]));
    if (path.startsWith("/api/"))
      return response.writeHead(404).end('{"error":{"code":"unknown","message":"no","hint":null}}');
    const file = extname(path) === "" ? "index.html" : path;
    try {
      const content = await readFile(join(DIST, file));
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { base: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

const sorted = (values) => [...values].sort((a, b) => a - b);
const quantile = (values, share) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
const round = (value) => (value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10));

async function open(browser, base) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on("pageerror", (error) => console.error(error.message));
  if (process.env.DEBUG) page.on("console", (message) => console.error(message.text()));
  await page.goto(`${base}/a/${ATTEMPT}`);
  await page.waitForFunction(() => performance.getEntriesByName("flakescope:painted").length > 0, null, {
    timeout: 60_000,
  });
  return page;
}

/** The time between frames while something is done again and again. */
async function frames(page, act, times) {
  await page.evaluate(() => {
    window.frames_ = [];
    let last = performance.now();
    const tick = (now) => {
      window.frames_.push(now - last);
      last = now;
      window.ticking_ = requestAnimationFrame(tick);
    };
    window.ticking_ = requestAnimationFrame(tick);
  });
  for (let index = 0; index < times; index += 1) await act(index);
  return page.evaluate(() => {
    cancelAnimationFrame(window.ticking_);
    return window.frames_.slice(1);
  });
}

/** How long a wheel takes, done in the page itself frame by frame. */
async function wheel(page, init, times) {
  return frames(
    page,
    () =>
      page.evaluate(
        ([options, count]) =>
          new Promise((done) => {
            const grid = document.querySelector("[role=treegrid]");
            const box = grid.getBoundingClientRect();
            const point = {
              clientX: box.left + box.width * 0.7,
              clientY: box.top + 100,
              bubbles: true,
              cancelable: true,
            };
            let left = count;
            const step = () => {
              const event = new WheelEvent("wheel", { ...point, ...options });
              // A wheel that the page leaves alone scrolls by the browser, which a made-up one does not.
              if (grid.dispatchEvent(event)) grid.scrollTop += options.deltaY;
              left -= 1;
              if (left > 0) requestAnimationFrame(step);
              else done();
            };
            requestAnimationFrame(step);
          }),
        [init, times],
      ),
    1,
  );
}

const lengths = (page, name) =>
  page.evaluate((of) => performance.getEntriesByName(of).map((entry) => entry.duration), name);

async function measure(browser, bytes) {
  const { base, close } = await serve(bytes);
  const painted = [];
  const opened = [];
  let page = await open(browser, base);
  for (let index = 0; index < ROUNDS; index += 1) {
    await page.close();
    page = await open(browser, base);
    painted.push(await page.evaluate(() => performance.getEntriesByName("flakescope:painted")[0].startTime));
    opened.push(...(await lengths(page, "flakescope:mount")));
  }
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  const metric = (name) => metrics.find((one) => one.name === name).value;
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  const scroll = await wheel(page, { deltaY: 660 }, 240);
  const zoom = await wheel(page, { deltaY: -20, ctrlKey: true }, 60);
  const zoomOut = await wheel(page, { deltaY: 20, ctrlKey: true }, 60);
  await page.evaluate(() => {
    window.inputs_ = [];
    new PerformanceObserver((list) => window.inputs_.push(...list.getEntries().map((entry) => entry.duration))).observe(
      {
        type: "event",
        durationThreshold: 16,
      },
    );
  });
  for (const key of ["j", "j", "j", "k", "e", "e", "w", "d", "z", "0"]) await page.keyboard.press(key);
  await page.getByRole("textbox", { name: "Filter" }).fill("things/77");
  await page.waitForFunction(() => performance.getEntriesByName("flakescope:reorder").length > 0);
  const filter = await lengths(page, "flakescope:reorder");
  await page.getByRole("textbox", { name: "Filter" }).fill("");
  await page.waitForTimeout(500);
  await page.evaluate(() => performance.clearMeasures("flakescope:reorder"));
  await page.getByRole("button", { name: "Collapse" }).click();
  await page.waitForFunction(() => performance.getEntriesByName("flakescope:reorder").length > 0);
  const collapse = await lengths(page, "flakescope:reorder");
  const inputs = await page.evaluate(() => window.inputs_);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.getByRole("button", { name: "Expand" }).click();
  await page.waitForTimeout(500);
  const throttled = await wheel(page, { deltaY: 660 }, 120);
  await page.close();
  close();
  return {
    painted,
    opened,
    heap: metric("JSHeapUsedSize"),
    nodes,
    scroll,
    zoom: [...zoom, ...zoomOut],
    inputs,
    filter,
    collapse,
    throttled,
  };
}

const vite = await createVite({ server: { middlewareMode: true }, appType: "custom", logLevel: "error" });
const { encode, generate } = await vite.ssrLoadModule("/src/timeline/testing/generate.ts");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--enable-precise-memory-info"],
});
const rows = [];
try {
  for (const size of SIZES) {
    const bytes = encode(generate({ rows: size, seed: 1 }));
    const gzipped = gzipSync(Buffer.from(bytes), { level: 6 }).length;
    const got = await measure(browser, bytes);
    const share = (values, over) => `${values.filter((value) => value > over).length} of ${values.length}`;
    rows.push([
      size.toLocaleString("en"),
      `${round(quantile(got.painted, 0.5))} (${round(Math.min(...got.painted))})`,
      round(quantile(got.opened, 0.5)),
      `${round(got.heap / 1e6)} MB`,
      got.nodes,
      `${round(quantile(got.scroll, 0.5))} / ${round(quantile(got.scroll, 0.95))} (${share(got.scroll, 33)})`,
      `${round(quantile(got.zoom, 0.5))} / ${round(quantile(got.zoom, 0.95))} (${share(got.zoom, 33)})`,
      `${round(quantile(got.throttled, 0.5))} / ${round(quantile(got.throttled, 0.95))}`,
      round(Math.max(0, ...got.inputs)),
      `${round(Math.max(...got.filter))} / ${round(Math.max(...got.collapse))}`,
      `${round(bytes.byteLength / size)} / ${round(gzipped / size)}`,
      round(loadavg()[0]),
    ]);
    console.log(`| ${rows.at(-1).join(" | ")} |`);
  }
} finally {
  await browser.close();
  await vite.close();
}
