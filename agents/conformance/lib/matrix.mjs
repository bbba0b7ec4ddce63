// The page that says what is held with which runner: made from the results of a whole run, so that it cannot claim more.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { groupBy } from "./group.mjs";
import { isRunner } from "./runner.mjs";
import { ROOT } from "./scenario.mjs";

const PAGE = join(ROOT, "MATRIX.md");
/** Scripts and programs of a scenario's own. */
const PROGRAM = "a program";

const HEAD = `# What is held

Written by \`node run.mjs --matrix\` from the results of a whole run; a run that finds it otherwise fails.
A cell names the versions of Node on which the scenario gave the same outcome, counts and recording as it must.
With ° the runner's recording is its own, because its story is another ([README.md](README.md)).
`;

/** A small disk takes rights that not everybody has, and the page must not depend on who runs this. */
const isForEverybody = ({ scenario }) => scenario.disk_bytes === undefined;
const runnerOf = ({ command: [first] }) => (isRunner(first) ? first : PROGRAM);
const storyOf = ({ name }) => name.split("@")[0];

function cell(results) {
  const nodes = [...new Set(results.map(({ major }) => Number(major)))].sort((a, b) => a - b);
  return nodes.join(" ") + (results.some(({ scenario }) => scenario.family) ? " °" : "");
}

/** The page for a list of `{scenario, major}` of all trials that passed. */
export function matrix(all) {
  const results = all.filter(isForEverybody);
  const runners = [...groupBy(results, ({ scenario }) => runnerOf(scenario)).keys()].sort((a, b) => (a < b ? -1 : 1));
  const rows = [...groupBy(results, ({ scenario }) => storyOf(scenario))].sort(([a], [b]) => (a < b ? -1 : 1));
  const line = (cells) => `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
  const body = rows.map(([story, own]) => {
    const byRunner = groupBy(own, ({ scenario }) => runnerOf(scenario));
    return line([`\`${story}\`: ${own[0].scenario.about}`, ...runners.map((runner) => (byRunner.has(runner) ? cell(byRunner.get(runner)) : ""))]);
  });
  return [HEAD, line(["scenario", ...runners]), line(["---", ...runners.map(() => "---")]), ...body, ""].join("\n");
}

/** Whether the page is as `results` make it. */
export const isCurrent = (results) => readFileSync(PAGE, "utf8") === matrix(results);

export const write = (results) => writeFileSync(PAGE, matrix(results));
