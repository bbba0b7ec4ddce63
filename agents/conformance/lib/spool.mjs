// Makes a spool folder as `flakescope run` makes it, and reads back what agents wrote into it.
// The contract is protocol/spool.md; nothing here knows a particular agent.
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";

/** The key of every conformance run: fixed, so that pseudonyms and hashes are the same in each. */
export const KEY = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
export const RUN_ID = "c0ffee00c0ffee00c0ffee00c0ffee00";

/** First two bytes of SHA-256 over `flakescope-key-id` and the key (protocol/masking.md). */
export const KEY_ID = createHash("sha256").update("flakescope-key-id").update(Buffer.from(KEY, "hex")).digest("hex").slice(0, 4);

/** Makes the folder `path` with everything that the recorder puts there. `overrides` are keys of `run.json`. */
export function createSpool(path, overrides = {}) {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const run = {
    protocol: 1,
    run_id: RUN_ID,
    store: "/nonexistent/store",
    project_root: "/nonexistent/project",
    key_id: KEY_ID,
    spool_cap_bytes: 1 << 30,
    segment_bytes: 4 << 20,
    capture: { body_bytes: 262_144, attempt_bytes: 16_777_216, console: true, propagate: "auto" },
    declared_hosts: [],
    ...overrides,
  };
  writeFileSync(join(path, "run.json"), JSON.stringify(run));
  writeFileSync(join(path, "key"), KEY, { mode: 0o600 });
  // The recorder holds flock(2) on this file; an agent never looks at the lock.
  writeFileSync(join(path, "lock"), "");
}

/** Parses one segment: complete lines as values, the torn rest as text, lines that are not JSON apart. */
function parseSegment(text) {
  const lines = text.split("\n");
  const torn = lines.pop();
  const records = [];
  const invalid = [];
  for (const line of lines) {
    try {
      records.push(JSON.parse(line));
    } catch {
      invalid.push(line.slice(0, 200));
    }
  }
  return { records, invalid, torn };
}

/**
 * Reads all segments in `path`, oldest first: `{name, mode, bytes, head, records, invalid, torn}`.
 * An empty array when the folder is gone.
 */
export function readSegments(path) {
  let names;
  try {
    names = readdirSync(path).filter((name) => name.endsWith(".seg"));
  } catch {
    return [];
  }
  const segments = names.map((name) => {
    const file = join(path, name);
    const bytes = readFileSync(file);
    const parsed = parseSegment(bytes.toString("utf8"));
    const [head] = parsed.records;
    return { name, mode: statSync(file).mode & 0o777, bytes: bytes.length, head, ...parsed };
  });
  const started = (segment) => BigInt(segment.head?.wall ?? 0);
  return segments.sort((a, b) => Number(started(a) - started(b)) || (a.name < b.name ? -1 : 1));
}
