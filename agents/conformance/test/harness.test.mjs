// The suite is only as good as its judge: what the harness itself concludes, and that it condemns an agent that
// records nothing.
import assert from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { compare, expectedOn } from "../lib/compare.mjs";
import { better } from "../lib/merge.mjs";
import { portable } from "../lib/portable.mjs";
import { ROOT } from "../lib/scenario.mjs";
import { normaliser, ownFrames } from "../lib/text.mjs";
import { vocabulary } from "../lib/vocabulary.mjs";

test("of two lines of a span the better one is kept, in either order", () => {
  const check = (worse, best) => {
    assert.equal(better(worse, best), best);
    assert.equal(better(best, worse), best);
  };
  const started = { id: "1", attrs: { a: 1 } };
  check(started, { ...started, end: "2" });
  check(started, { ...started, attrs: { a: 1, b: 2 } });
  check({ ...started, attrs: { a: 1, b: 2, c: 3 } }, { ...started, end: "2" });
  check({ ...started, end: "2" }, { ...started, end: "2", status: { code: 2 } });
});

test("differences are told with their place", () => {
  const check = (expected, actual, told) => assert.deepEqual(compare(expected, actual), told);
  check({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []);
  check({ a: [1, 2] }, { a: [1, 3] }, ["/a/1: expected 2, got 3"]);
  check({ a: 1 }, { a: 1, b: null }, ["/b: expected nothing, got null"]);
  check([1], [], ["/0: expected 1, got nothing"]);
  check({ a: [] }, { a: {} }, ["/a: expected [], got {}"]);
});

test("a listed difference counts on its version and for its runner only", () => {
  const listed = [{ node: [26], at: "/a/b~1c", value: 2 }, { runner: ["jest-29"], at: "/a/d", value: 3 }];
  const check = (major, runner, result) => assert.deepEqual(expectedOn({ major, runner }, { a: { "b/c": 1 } }, listed), { a: result });
  check(24, "mocha", { "b/c": 1 });
  check(26, "mocha", { "b/c": 2 });
  check(24, "jest-29", { "b/c": 1, d: 3 });
  check(24, "jest-30", { "b/c": 1 });
  assert.throws(() => expectedOn({ major: 26, runner: "mocha" }, { x: 1 }, listed), /no \/a\/b~1c/);
});

test("a shared scenario is the same files, and a recording without the runner's words", () => {
  assert.deepEqual(portable({ processes: [1], gaps: { a: 1 } }), { gaps: { a: 1 } });
  const span = (name, test) => ({ name, attrs: { "flakescope.hook.type": "beforeAll", "flakescope.test.name": test } });
  const traces = (root) => ({ traces: [{ trace: "trace-1", roots: [root] }] });
  assert.deepEqual(portable(traces(span('a › "before all" hook', '"before all" hook'))), traces(span("beforeAll", "beforeAll")));
  const plain = { name: "a", attrs: { "flakescope.test.name": "b" } };
  assert.deepEqual(portable(traces(plain)), traces(plain));
});

test("only what varies is taken out of a text", () => {
  const normalise = normaliser({ nodeVersion: "24.1.0", places: { "<dir>": "/p/dir", "<root>": "/p" } });
  const check = (text, result) => assert.equal(normalise(text), result);
  check("at /p/dir/test.cjs:3:14", "at <dir>/test.cjs:3:14");
  check("http://127.0.0.1:34567/json?port=34567", "http://127.0.0.1:<port>/json?port=34567");
  check("connect ECONNREFUSED ::1:34567", "connect ECONNREFUSED ::1:<port>");
  assert.equal(ownFrames("Error: x\n    at a (<dir>/t.cjs:1:1)\n    at b (node:net:2:2)"), "Error: x\n    at a (<dir>/t.cjs:1:1)");
  check("answered 429 in 24.1.0", "answered 429 in <node version>");
});

test("the vocabulary is the page", () => {
  const words = vocabulary();
  const allowed = (name, value) => assert.equal(words.attribute(name, value), undefined);
  allowed("http.request.header.x-any", ["1"]);
  allowed("flakescope.credential.jwt.nbf", 1);
  allowed("flakescope.test.suite", ["a"]);
  assert.match(words.attribute("flakescope.invented", 1), /not in attributes\.md/);
  assert.match(words.attribute("flakescope.attempt.number", "1"), /not of type int/);
  assert.equal(words.gap("body-cut"), undefined);
  assert.match(words.gap("invented"), /not in attributes\.md/);
});

test("an agent that records nothing is condemned", () => {
  const folder = mkdtempSync(join(tmpdir(), "flakescope-harness-"));
  try {
    const agent = join(folder, "agent.cjs");
    writeFileSync(agent, "");
    const { status, stdout } = spawnSync(process.execPath, [join(ROOT, "run.mjs"), "--only", "pass@mocha", "--node", "24", "--agent", agent], { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stdout, /^FAIL  node 24  pass: server's witness$/m);
    assert.match(stdout, /\n2 passed, 3 failed\n$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
