// How long a test takes, attempt by attempt, and how that changes.
import type { Past, TestHistory } from "../../api/types";
import { Section } from "../../components/Section";
import { ceiling, points, trendText } from "../../model/history";
import { duration } from "../../text/format";
import across from "../across.module.css";
import styles from "./Duration.module.css";

const HEIGHT = 120;
/** Where lines are drawn, in parts of the height. */
const LINES = [0, 0.5, 1];

function isFailure({ status }: Past): boolean {
  return status === "failed" || status === "unfinished";
}

/** The attempts as points. Each leads to its recording in the row of outcomes. */
function Chart({ outcomes }: { outcomes: readonly Past[] }) {
  const ended = outcomes.filter((past) => past.duration_ms !== null && past.status !== "skipped");
  const top = ceiling(Math.max(...ended.map((past) => past.duration_ms ?? 0)));
  return (
    <div className={styles.chart}>
      <div className={styles.scale} aria-hidden="true">
        {LINES.map((part) => (
          <span key={part}>{part === 1 ? "0" : duration(top * (1 - part))}</span>
        ))}
      </div>
      <svg className={styles.picture} width="100%" height={HEIGHT} aria-hidden="true">
        {LINES.map((part) => (
          <line key={part} x1="0" x2="100%" y1={part * HEIGHT} y2={part * HEIGHT} />
        ))}
        {points(ended, top).map(({ past, x, y }) => (
          <svg key={past.attempt} x={`${x}%`} y={(y * HEIGHT) / 100} overflow="visible" data-status={past.status}>
            <title>{`${past.status}, ${duration(past.duration_ms)}, ${new Date(past.started).toLocaleString()}`}</title>
            <circle r="10" className={styles.target} />
            {isFailure(past) ? <path d="M-4-4 4 4M4-4-4 4" /> : <circle r="3.5" />}
          </svg>
        ))}
      </svg>
    </div>
  );
}

export function Duration({ history: { test, duration: trend, outcomes } }: { history: TestHistory }) {
  if (test.kind === "fixture" && trend.attempts === 0) return null;
  const isShown = outcomes.some((past) => past.duration_ms !== null && past.status !== "skipped");
  return (
    <Section title="Duration">
      <p className={across.entry}>{trendText(trend)}</p>
      {isShown && <Chart outcomes={outcomes} />}
    </Section>
  );
}
