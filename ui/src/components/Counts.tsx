// The tests of a run by how they went; what there is none of is not mentioned.
import type { Counts as Numbers } from "../api/types";
import type { Going } from "../model/run";
import styles from "./Counts.module.css";
import { StatusMark } from "./StatusMark";

const ORDER = ["failed", "unfinished", "flaky", "passed", "skipped"] as const;

interface Props {
  counts: Numbers;
  words?: boolean;
  /** The run goes on, and with it the tests that have not ended. */
  live?: boolean;
}

export function Counts({ counts, words = false, live = false }: Props) {
  const shown = ORDER.map((status): [Going, number] => [
    live && status === "unfinished" ? "running" : status,
    counts[status],
  ]).filter(([, number]) => number > 0);
  return (
    <ul className={styles.counts}>
      {shown.map(([status, number]) => (
        <li key={status}>
          <StatusMark status={status} />
          {number.toLocaleString("en")}
          <span className={words ? undefined : "visually-hidden"}>{status}</span>
        </li>
      ))}
      {counts.failed_fixtures > 0 && (
        <li>
          <StatusMark status="failed" />
          {counts.failed_fixtures} {counts.failed_fixtures === 1 ? "hook" : "hooks"}
        </li>
      )}
      {counts.not_run > 0 && <li>{counts.not_run} not run</li>}
      {shown.length === 0 && counts.failed_fixtures === 0 && (
        <li className={styles.none}>{live ? "no tests yet" : "no tests"}</li>
      )}
    </ul>
  );
}
