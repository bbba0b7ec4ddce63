// The test runners of the scenarios: where each is installed, on which Nodes it is tried, how it runs the tests that
// another runner's scenario shares with it, and how it says what it counted.
//
// A scenario's command begins with the name of a runner here (`mocha-10`, `jest-30`), or with `node` or a file of the
// scenario.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const number = (text, pattern) => Number(pattern.exec(text)?.[1] ?? 0);

/**
 * Families of runners.
 *   versions  name by which a command calls it → the Nodes it is tried on, oldest first; without any, all that are asked for
 *   folder    where its package is installed, below this folder; without one among the packages of the harness
 *   package   the name of its package, where that is not the runner's
 *   bin       the name of its program in that package; without one it is Node itself
 *   shared    arguments that go before the files of a scenario of another runner
 *   hooksCount  whether a hook that fails counts as a failure of its own, beside the tests that it keeps from running
 *   counts    reads passing, failing and pending off what was printed; false when it was killed before it could say
 */
const FAMILIES = {
  mocha: {
    versions: { mocha: [], "mocha-10": [], "mocha-6": [] },
    bin: "mocha",
    hooksCount: true,
    counts: ({ stdout }) =>
      /^ +\d+ passing/m.test(stdout) && {
        passing: number(stdout, /^ +(\d+) passing/m),
        failing: number(stdout, /^ +(\d+) failing/m),
        pending: number(stdout, /^ +(\d+) pending/m),
      },
  },
  jest: {
    versions: { "jest-29": [20], "jest-30": [26] },
    folder: (name) => `runners/${name}`,
    package: "jest",
    bin: "jest",
    shared: ["--config", "../../runners/jest.config.json", "--rootDir", "."],
    counts: ({ stderr }) => {
      const [, summary] = /^Tests: +(.*)$/m.exec(stderr) ?? [];
      const skipped = number(summary, /(\d+) skipped/) + number(summary, /(\d+) todo/);
      return summary !== undefined && { passing: number(summary, /(\d+) passed/), failing: number(summary, /(\d+) failed/), pending: skipped };
    },
  },
  vitest: {
    versions: { "vitest-3": [20], "vitest-4": [24], "vitest-5": [26] },
    folder: (name) => `runners/${name}`,
    package: "vitest",
    bin: "vitest",
    shared: ["run", "--config", "../../runners/vitest.config.mjs", "--configLoader", "native", "--root", "."],
    counts: ({ stdout }) => {
      const [, summary] = /^ +Tests +(.*)$/m.exec(stdout) ?? [];
      const skipped = number(summary, /(\d+) skipped/) + number(summary, /(\d+) todo/);
      return summary !== undefined && { passing: number(summary, /(\d+) passed/) + number(summary, /(\d+) expected fail/), failing: number(summary, /(\d+) failed/), pending: skipped };
    },
  },
  "node-test": {
    versions: { "node-test": [20, 22, 24, 26] },
    shared: ["--require", "../../runners/node-test-setup.cjs", "--test"],
    counts: ({ stdout }) => {
      const of = (name) => number(stdout, new RegExp(`^(?:#|\u2139) ${name} (\\d+)$`, "m"));
      return /^(?:#|\u2139) tests \d+$/m.test(stdout) && { passing: of("pass"), failing: of("fail") + of("cancelled"), pending: of("skipped") + of("todo") };
    },
  },
};

/** The family of the runner `name`, as `[family, row]`. */
const entryOf = (name) => Object.entries(FAMILIES).find(([, { versions }]) => Object.hasOwn(versions, name));
const rowOf = (name) => entryOf(name)?.[1];

/** Whether the first word of a command is a runner. */
export const isRunner = (name) => entryOf(name) !== undefined;

/** The versions of a family that are tried: `[[name, nodes]]`. */
export function versionsOf(family) {
  if (!FAMILIES[family]) throw new Error(`no family of runners is named ${family}`);
  return Object.entries(FAMILIES[family].versions);
}

/** The versions of Node that `command` is tried on, where not on all of them. */
export function nodesFor([name]) {
  const nodes = rowOf(name)?.versions[name];
  return nodes?.length > 0 ? nodes : undefined;
}

/**
 * The command by which the runner `name` runs what `command` runs: the same arguments in another version of the same
 * runner, the same files and `args` of its own in another runner.
 */
export function sharedCommand(name, command, args = []) {
  const [first, ...rest] = command;
  if (entryOf(name)[0] === entryOf(first)?.[0]) return [name, ...rest];
  const files = rest.filter((word) => /^[^-].*\.[cm]js$/.test(word));
  return [name, ...rowOf(name).shared, ...args, ...files];
}

/** File and arguments of a scenario's command under one version of Node. */
export function commandLine({ command, dir }, { node, root }) {
  const [first, ...rest] = command;
  if (first === "node") return [node, rest];
  const row = rowOf(first);
  if (!row) return [join(dir, first), rest];
  if (!row.bin) return [node, rest];
  return [node, [program(join(root, row.folder?.(first) ?? "", "node_modules", row.package ?? first), row.bin), ...rest]];
}

function program(folder, name) {
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[name]);
}

/**
 * What the runner counted, as `{passing, failing, pending}`, and which types of spans its failures are; nothing when it
 * was killed before it could.
 */
export function counted({ command }, printed) {
  // A script of a scenario's own may start Mocha, too.
  const row = rowOf(command[0]) ?? FAMILIES.mocha;
  const counts = row.counts(printed);
  return counts ? { counts, failures: row.hooksCount ? ["attempt", "fixture"] : ["attempt"] } : undefined;
}
