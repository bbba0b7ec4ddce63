// The tests of a run by how they went; what there is none of is not mentioned.
import type { Counts as Numbers, Status } from "../api/types";
import styles from "./Counts.module.css";
import { StatusMark } from "./StatusMark";

const ORDER: Status[] = ["failed", "unfinished", "flaky", "passed", "skipped"];

export function Counts({ counts, words = false }: { counts: Numbers; words?: boolean }) {
  const shown = ORDER.map((status) => [status, counts[status]] as const).filter(([, number]) => number > 0);
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
      {shown.length === 0 && counts.failed_fixtures === 0 && <li className={styles.none}>no tests</li>}
    </ul>
  );
}
