// The page that says what is held of Python with which runner and client: made from the results of a whole run, so that it
// cannot claim more.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { merge } from "../../lib/merge.mjs";
import { typeOf } from "../../lib/normalise.mjs";
import { PYTHON } from "./scenario.mjs";

const PAGE = join(PYTHON, "MATRIX.md");
/** The clients of `clients/clients.py`, by which a test of several is parametrised. */
const CLIENTS = ["http.client", "urllib", "requests", "httpx", "httpx-async", "aiohttp"];

const HEAD = `# What is held of Python

Written by \`node run-python.mjs --matrix\` from the results of a whole run; a run that finds it otherwise fails.
A runner stands where its tests gave the same outcome, counts and recording as they must; \`-n\` means that pytest-xdist ran them.
In a client's column is a mark where calls by it are in that recording. \`http.client\` and \`httpcore\` are also what stands on them, where a scenario does not try clients one by one; respx, responses and vcrpy are told by themselves where they answer.
`;

/** Which runners and clients are in the spool of a trial: `{runners, clients}`. */
export function facts(segments) {
  const { spans } = merge(segments);
  const attempts = spans.filter((span) => typeOf(span) === "attempt");
  const runner = ({ attrs }) => attrs["flakescope.test.framework"] + (attrs["flakescope.worker"] === undefined ? "" : " -n");
  const parameters = new Map(attempts.map(({ trace, attrs }) => [trace, attrs["flakescope.test.parameters"]]));
  const client = ({ trace, attrs }) => {
    if (attrs["flakescope.mocked"] !== undefined) return attrs["flakescope.mocked"];
    if (attrs["rpc.system.name"] === "aws-api") return "botocore";
    const named = CLIENTS.filter((name) => `-${parameters.get(trace)}-`.includes(`-${name}-`));
    // `httpx-async` is not `httpx`.
    return named.at(-1) ?? attrs["flakescope.client"];
  };
  const sorted = (values) => [...new Set(values)].sort();
  return { runners: sorted(attempts.map(runner)), clients: sorted(spans.filter((span) => typeOf(span) === "exchange").map(client)) };
}

/** The page for a list of `{scenario, facts}` of all trials, every one of which passed. */
export function matrix(results) {
  const clients = [...new Set(results.flatMap(({ facts: { clients } }) => clients))].sort();
  const ordered = [...CLIENTS.filter((name) => clients.includes(name)), ...clients.filter((name) => !CLIENTS.includes(name))];
  const line = (cells) => `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
  const rows = [...new Map(results.map((result) => [result.scenario.name, result]))].sort(([a], [b]) => (a < b ? -1 : 1));
  const body = rows.map(([name, { scenario, facts }]) =>
    line([`\`${name}\`: ${scenario.about}`, facts.runners.join(", "), ...ordered.map((client) => (facts.clients.includes(client) ? "✓" : ""))]),
  );
  return [HEAD, line(["scenario", "runner", ...ordered]), line(["---", "---", ...ordered.map(() => "---")]), ...body, ""].join("\n");
}

/** Whether the page is as `results` make it. */
export const isCurrent = (results) => readFileSync(PAGE, "utf8") === matrix(results);

export const write = (results) => writeFileSync(PAGE, matrix(results));
