// The test runners of the scenarios: where each is installed, and how it says what it counted.
//
// A scenario's command begins with the name of a runner, which is also the name of a package here (`mocha-10` is an
// alias of an older Mocha), or with `node` or a file of the scenario.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const number = (text, pattern) => Number(pattern.exec(text)?.[1] ?? 0);

/** Runners by the first word of a command; `counts` reads passing, failing and pending off what was printed. */
const RUNNERS = [
  {
    name: /^mocha(-\d+)?$/,
    bin: "mocha",
    counts: ({ stdout }) =>
      /^ +\d+ passing/m.test(stdout) && {
        passing: number(stdout, /^ +(\d+) passing/m),
        failing: number(stdout, /^ +(\d+) failing/m),
        pending: number(stdout, /^ +(\d+) pending/m),
      },
  },
];

const runnerOf = ([first]) => RUNNERS.find(({ name }) => name.test(first));

/** File and arguments of a scenario's command under one version of Node. */
export function commandLine({ command, dir }, { node, root }) {
  const [first, ...rest] = command;
  if (first === "node") return [node, rest];
  const runner = runnerOf(command);
  return runner ? [node, [program(join(root, "node_modules", first), runner.bin), ...rest]] : [join(dir, first), rest];
}

function program(folder, name) {
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[name]);
}

/** What the runner counted, as `{passing, failing, pending}`; nothing when it was killed before it could. */
export function counted({ command }, printed) {
  // A script of a scenario's own may start Mocha, too.
  const runner = runnerOf(command) ?? RUNNERS[0];
  return runner.counts(printed) || undefined;
}
