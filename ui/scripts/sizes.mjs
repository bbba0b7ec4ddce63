// What the browser loads for each page, gzipped, from dist/: the entry, and the chunks that the page's own chunk imports.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const ASSETS = new URL("../dist/assets/", import.meta.url);
const LIMIT_KIB = 190;
const files = readdirSync(ASSETS);
const read = (name) => readFileSync(new URL(name, ASSETS));
const kib = (name) => gzipSync(read(name), { level: 9 }).length / 1024;

/** A chunk with all that it imports statically. */
function closure(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, imported] of read(name)
    .toString()
    .matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) {
    closure(imported, found);
  }
  return found;
}

const chunk = (start) => files.find((name) => name.startsWith(`${start}-`) && name.endsWith(".js"));
const entry = closure(chunk("index"));
let over = false;
const PAGES = [
  "RunsPage",
  "RunPage",
  "RecordingPage",
  "GraphView",
  "TestsPage",
  "TestPage",
  "DependenciesPage",
  "IncidentsPage",
];
for (const page of PAGES) {
  const first = page === "GraphView" ? closure(chunk("RecordingPage"), new Set(entry)) : new Set(entry);
  const loaded = closure(chunk(page), new Set(first));
  const total = [...loaded].reduce((sum, name) => sum + kib(name), 0);
  over ||= page !== "GraphView" && total > LIMIT_KIB;
  console.log(`${page.padEnd(16)} ${total.toFixed(1).padStart(6)} KiB of JavaScript, gzipped, in ${loaded.size} files`);
}
if (over) {
  console.error(`more than ${LIMIT_KIB} KiB`);
  process.exit(1);
}
