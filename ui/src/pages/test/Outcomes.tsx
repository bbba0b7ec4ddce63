// The newest attempts in a row, oldest first, each a link to its recording. The row is one stop of the Tab key; arrows go
// along it, and what has the focus or the pointer is told below.
import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useRef, useState } from "react";
import type { Past } from "../../api/types";
import { SafeText } from "../../components/SafeText";
import { Section } from "../../components/Section";
import { StatusMark } from "../../components/StatusMark";
import { duration } from "../../text/format";
import styles from "./Outcomes.module.css";

function told({ status, number, started, duration_ms }: Past): string {
  const took = status === "skipped" ? "" : `, ${duration(duration_ms)}`;
  return `${status}, attempt ${number}, ${new Date(started).toLocaleString()}${took}`;
}

function About({ past }: { past: Past }) {
  return (
    <p className={styles.about}>
      <StatusMark status={past.status} word />
      <span>attempt {past.number}</span>
      {past.status !== "skipped" && <span>{duration(past.duration_ms)}</span>}
      <time dateTime={past.started}>{new Date(past.started).toLocaleString()}</time>
      {past.branch !== null && <SafeText text={past.branch} />}
      {past.commit !== null && <code title={past.commit}>{past.commit.slice(0, 7)}</code>}
      <Link to="/runs/$run" params={{ run: past.run }}>
        its run
      </Link>
    </p>
  );
}

/** Where a key leads from a place in the row; null when it leads nowhere. */
function step(key: string, from: number, last: number): number | null {
  if (key === "ArrowLeft") return Math.max(0, from - 1);
  if (key === "ArrowRight") return Math.min(last, from + 1);
  if (key === "Home") return 0;
  return key === "End" ? last : null;
}

export function Outcomes({ outcomes }: { outcomes: readonly Past[] }) {
  const oldestFirst = outcomes.toReversed();
  const last = oldestFirst.length - 1;
  const [at, setAt] = useState(last);
  const row = useRef<HTMLOListElement>(null);
  const move = (event: KeyboardEvent) => {
    const next = step(event.key, at, last);
    if (next === null) return;
    event.preventDefault();
    setAt(next);
    row.current?.querySelectorAll("a")[next]?.focus();
  };
  const current = oldestFirst[at];
  return (
    <Section title="Outcomes" count={outcomes.length === 50 ? "the newest 50, oldest first" : "oldest first"}>
      <div className={styles.outcomes}>
        <ol ref={row} className={styles.row} onKeyDown={move} aria-label="Outcomes, oldest first">
          {oldestFirst.map((past, index) => (
            <li key={past.attempt}>
              <Link
                to="/a/$attempt"
                params={{ attempt: past.attempt }}
                className={styles.mark}
                data-status={past.status}
                data-at={index === at || undefined}
                tabIndex={index === at ? 0 : -1}
                aria-label={told(past)}
                onFocus={() => setAt(index)}
                onPointerEnter={() => setAt(index)}
              >
                <StatusMark status={past.status} />
              </Link>
            </li>
          ))}
        </ol>
        {current !== undefined && <About past={current} />}
      </div>
    </Section>
  );
}
