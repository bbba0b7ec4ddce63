// Which test and which try of it this is, and the way to its neighbours.
import { Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, Download } from "lucide-react";
import { exportAddress } from "../../api/client";
import type { Attempt, Head, Try } from "../../api/types";
import { Copy } from "../../components/Copy";
import { Elapsed } from "../../components/Elapsed";
import { Out } from "../../components/Out";
import { SafeText } from "../../components/SafeText";
import { StatusMark } from "../../components/StatusMark";
import { isRunning } from "../../model/run";
import { tagsOf } from "../../model/tags";
import { clock, count, duration } from "../../text/format";
import styles from "./RecordingHeader.module.css";

function Neighbour({ to, label, children }: { to: string | null; label: string; children: React.ReactNode }) {
  if (to === null) {
    return (
      <span className={styles.step} aria-hidden>
        {children}
      </span>
    );
  }
  return (
    <Link to="/a/$attempt" params={{ attempt: to }} className={styles.step} aria-label={label} title={label}>
      {children}
    </Link>
  );
}

function Tries({ tries, current }: { tries: Try[]; current: Attempt }) {
  if (tries.length < 2) return null;
  return (
    <nav aria-label="Attempts" className={styles.tries}>
      {tries.map((one) => (
        <Link
          key={one.attempt}
          to="/a/$attempt"
          params={{ attempt: one.attempt }}
          aria-current={one.attempt === current.id ? "page" : undefined}
        >
          <StatusMark status={one.status} />
          attempt {one.number}
        </Link>
      ))}
    </nav>
  );
}

export function RecordingHeader({ head, attempt }: { head: Head; attempt: Attempt }) {
  const { test, run } = head;
  const tags = tagsOf(run.tags);
  const running = isRunning(test, run);
  return (
    <header className={styles.header}>
      <div className={styles.line}>
        <StatusMark status={running ? "running" : attempt.status} />
        <h1>
          {test.suite.map((title, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a path does not change its order
            <span key={index} className={styles.suite}>
              <SafeText text={title} />
              {" › "}
            </span>
          ))}
          <SafeText text={test.name} />
        </h1>
        <div className={styles.tools}>
          <Copy text={() => location.href}>Copy link</Copy>
          <a className={styles.download} href={exportAddress(attempt.id, "har")} download title="Download as HAR">
            <Download size={14} aria-hidden />
            HAR
          </a>
          <a
            className={styles.download}
            href={exportAddress(attempt.id, "otlp.json")}
            download
            title="Download as OTLP JSON"
          >
            <Download size={14} aria-hidden />
            OTLP
          </a>
          <Neighbour to={head.previous} label="Previous recording ([)">
            <ChevronLeft size={16} aria-hidden />
          </Neighbour>
          <Neighbour to={head.next} label="Next recording (])">
            <ChevronRight size={16} aria-hidden />
          </Neighbour>
        </div>
      </div>
      <div className={styles.facts}>
        <Link to="/runs/$run" params={{ run: run.id }}>
          Run {run.name !== null ? <SafeText text={run.name} /> : run.short_id}
        </Link>
        <Link to="/tests/$test" params={{ test: test.id }} title="History of this test (h)">
          History of this {test.kind === "fixture" ? "hook" : "test"}
        </Link>
        <Tries tries={head.tries} current={attempt} />
        {running ? (
          <span>
            running for <Elapsed since={attempt.started} />
          </span>
        ) : (
          <span>{duration(attempt.duration_ms)}</span>
        )}
        <time dateTime={attempt.started} title={new Date(attempt.started).toLocaleString()}>
          {clock(attempt.started)}
        </time>
        <span>
          <SafeText text={test.line === null ? test.file : `${test.file}:${test.line}`} />
        </span>
        {tags.change !== null && <Out to={tags.change} />}
        {tags.branch !== null && <SafeText text={tags.branch} />}
        {tags.commit !== null && <code title={tags.commit}>{tags.commit.slice(0, 7)}</code>}
        {test.not_run !== null && <span>kept {count(test.not_run.count, "test")} from running</span>}
        {attempt.fixtures.map((fixture, index) => (
          <Link key={fixture} to="/a/$attempt" params={{ attempt: fixture }}>
            hook{attempt.fixtures.length > 1 && ` ${index + 1}`}
          </Link>
        ))}
        {attempt.worker !== null && <span>worker {attempt.worker}</span>}
      </div>
    </header>
  );
}
