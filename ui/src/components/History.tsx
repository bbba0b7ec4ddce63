// How a test went in a row of runs, oldest first, as small bars: what failed is higher than what passed, so that it is told
// by shape, too.
import type { Status } from "../api/types";
import { count } from "../text/format";
import styles from "./History.module.css";

const HEIGHTS: Record<Status, number> = { failed: 16, unfinished: 16, flaky: 11, passed: 5, skipped: 2 };
const STEP = 6;
const HEIGHT = 16;

function words(history: readonly Status[]): string {
  const of = (status: Status) => history.filter((one) => one === status).length;
  const told = (["failed", "unfinished", "flaky", "passed", "skipped"] as const).filter((status) => of(status) > 0);
  return `${count(history.length, "run")}: ${told.map((status) => `${of(status)} ${status}`).join(", ")}`;
}

/** `history` comes newest first, as the server tells it. */
export function History({ history, room }: { history: readonly Status[]; room: number }) {
  const text = words(history);
  const from = room - history.length;
  return (
    <svg className={styles.history} width={room * STEP} height={HEIGHT} role="img" aria-label={text}>
      <title>{text}</title>
      {history.toReversed().map((status, index) => {
        const height = HEIGHTS[status];
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the runs of one answer never move
            key={index}
            x={(from + index) * STEP}
            y={HEIGHT - height}
            width={STEP - 2}
            height={height}
            rx={1}
            data-status={status}
          />
        );
      })}
    </svg>
  );
}
