// The table of runs. Below 48 rem each row becomes a card.
import { Link } from "@tanstack/react-router";
import type { RunRow } from "../../api/types";
import { CauseChip } from "../../components/CauseChip";
import { Counts } from "../../components/Counts";
import { Elapsed } from "../../components/Elapsed";
import { SafeText } from "../../components/SafeText";
import { StatusMark } from "../../components/StatusMark";
import { runStatus } from "../../model/run";
import { tagsOf } from "../../model/tags";
import { ago, duration } from "../../text/format";
import { visible } from "../../text/visible";
import styles from "./RunsTable.module.css";

const CAUSES_SHOWN = 4;

/** As they came, with what nobody knows last. */
function knownFirst(causes: RunRow["causes"]): RunRow["causes"] {
  const unknown = (cause: RunRow["causes"][number]) => Number(cause.cause === "undetermined");
  return causes.toSorted((a, b) => unknown(a) - unknown(b));
}

/** How long a run took, where its end was seen. */
function ran(run: RunRow): string {
  return run.duration_ms === null ? "—" : duration(run.duration_ms);
}

function Row({ run, now }: { run: RunRow; now: number }) {
  const tags = tagsOf(run.tags);
  return (
    <tr>
      <td className={styles.status}>
        <StatusMark status={runStatus(run)} />
      </td>
      <td className={styles.name}>
        <Link to="/runs/$run" params={{ run: run.id }} className={styles.run}>
          <SafeText text={run.name ?? run.command.join(" ")} />
        </Link>
        <span className={styles.sub}>
          <SafeText text={run.project} /> · {run.short_id}
        </span>
      </td>
      <td className={styles.where}>
        {tags.change !== null && <span className={styles.change}>{tags.change.label}</span>}
        {tags.branch !== null && (
          <span title={visible(tags.branch)}>
            <SafeText text={tags.branch} />
          </span>
        )}
        {tags.commit !== null && <code className={styles.commit}>{tags.commit.slice(0, 7)}</code>}
      </td>
      <td>
        <Counts counts={run.counts} live={run.state === "recording"} />
      </td>
      <td className={styles.causes}>
        {knownFirst(run.causes)
          .slice(0, CAUSES_SHOWN)
          .map((cause) => (
            <CauseChip key={`${cause.cause} ${cause.peer}`} cause={cause.cause} peer={cause.peer} count={cause.count} />
          ))}
        {run.causes.length > CAUSES_SHOWN && (
          <span className={styles.sub}>and {run.causes.length - CAUSES_SHOWN} more</span>
        )}
      </td>
      <td className={styles.number}>{run.state === "recording" ? <Elapsed since={run.started} /> : ran(run)}</td>
      <td className={styles.number}>
        <time dateTime={run.started} title={new Date(run.started).toLocaleString()}>
          {ago(run.started, now)}
        </time>
      </td>
    </tr>
  );
}

export function RunsTable({ runs }: { runs: RunRow[] }) {
  const now = Date.now();
  return (
    <div className={styles.frame}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Result</span>
            </th>
            <th scope="col">Run</th>
            <th scope="col">Branch</th>
            <th scope="col">Tests</th>
            <th scope="col">Causes</th>
            <th scope="col" className={styles.number}>
              Duration
            </th>
            <th scope="col" className={styles.number}>
              Started
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <Row key={run.id} run={run} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
