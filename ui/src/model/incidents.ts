// What follows from incidents for their page: words, and stretches of time.
import type { Incident } from "../api/types";
import { count, duration } from "../text/format";
import { causeWord } from "../text/words";

/** What an outage is called: being refused for quota is none, in the eyes of most. */
export function outageWord(cause: string): string {
  return cause === "rate-limited" ? "Rate limit hit" : "Outage";
}

/** What an incident is: the cause of its failures, or that a peer was out of order. */
export function incidentWord({ kind, cause }: Pick<Incident, "kind" | "cause">): string {
  return kind === "outage" ? outageWord(cause) : causeWord(cause);
}

/** `4 failures of 1 test in 4 runs on 2 branches`. */
export function hitText({ failures, tests, runs, branches }: Incident): string {
  const where =
    branches.length === 0
      ? ""
      : branches.length === 1
        ? ` on ${branches[0]}`
        : ` on ${branches.length.toLocaleString("en")} branches`;
  return `${count(failures, "failure")} of ${count(tests, "test")} in ${count(runs, "run")}${where}`;
}

/** How long something lasted from its first instant to its last; nothing where that is one instant. */
export function lasted(from: string, to: string): string | null {
  const ms = Date.parse(to) - Date.parse(from);
  return ms > 0 ? duration(ms) : null;
}
