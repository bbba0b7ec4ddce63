// What was run, by whom, where, and how it went.
import type { Run } from "../../api/types";
import { Copy } from "../../components/Copy";
import { Counts } from "../../components/Counts";
import { Elapsed } from "../../components/Elapsed";
import { Out } from "../../components/Out";
import { SafeText } from "../../components/SafeText";
import { StatusMark } from "../../components/StatusMark";
import { runStatus } from "../../model/run";
import { tagsOf } from "../../model/tags";
import { count, duration } from "../../text/format";
import styles from "./RunHeader.module.css";

function ended(run: Run): string {
  if (run.exit === null) return "its end was not seen";
  return run.exit.signal === null ? `exit code ${run.exit.code}` : `ended by signal ${run.exit.signal}`;
}

export function RunHeader({ run }: { run: Run }) {
  const tags = tagsOf(run.tags);
  const isLive = run.state === "recording";
  return (
    <header className={styles.header}>
      <div className={styles.line}>
        <StatusMark status={runStatus(run)} />
        <h1>
          <SafeText text={run.name ?? run.command.join(" ")} />
        </h1>
        <code className={styles.id}>{run.short_id}</code>
        <Copy text={() => location.href}>Copy link</Copy>
      </div>
      <div className={styles.facts}>
        <Counts counts={run.counts} words live={isLive} />
        {isLive && (
          <span>
            running for <Elapsed since={run.started} />
          </span>
        )}
        {run.duration_ms !== null && <span>{duration(run.duration_ms)}</span>}
        {!isLive && <span>{ended(run)}</span>}
        <span>
          {count(run.exchanges, "call")}, {count(run.spans, "span")}
        </span>
        <time dateTime={run.started}>{new Date(run.started).toLocaleString()}</time>
      </div>
      <div className={styles.facts}>
        <SafeText text={run.project} />
        {tags.change !== null && <Out to={tags.change} />}
        {tags.ci !== null && <Out to={tags.ci} />}
        {tags.branch !== null && <SafeText text={tags.branch} />}
        {tags.commit !== null && <code title={tags.commit}>{tags.commit.slice(0, 10)}</code>}
        {tags.actor !== null && <SafeText text={tags.actor} />}
        {run.name !== null && (
          <code>
            <SafeText text={run.command.join(" ")} />
          </code>
        )}
        {tags.rest.map(([key, value]) => (
          <span key={key} className={styles.tag}>
            <SafeText text={`${key}=${value}`} />
          </span>
        ))}
      </div>
    </header>
  );
}
