// The table of tests. It draws what is seen of it only; its titles say what it is ordered by, and order it.
import { Link } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState } from "react";
import type { ListedTest, Rate } from "../../api/types";
import { History } from "../../components/History";
import { SafeText } from "../../components/SafeText";
import { StatusMark } from "../../components/StatusMark";
import { TestTitle } from "../../components/TestTitle";
import { failedRuns } from "../../model/history";
import { testPlace } from "../../model/run";
import type { TestOrder } from "../../search";
import { bounds, counted } from "../../text/figures";
import { visible } from "../../text/visible";
import styles from "./TestsTable.module.css";

const ROW_PX = 52;
/** Runs that a test's history shows at most. */
const ROOM = 20;

interface Props {
  tests: ListedTest[];
  order: TestOrder;
  setOrder: (order: TestOrder) => void;
}

/** A rule's count; nothing where there was nothing to count. */
function RateCell({ rate, what }: { rate: Rate; what: string }) {
  return (
    <span role="cell" className={styles.number} data-counted={rate.count > 0 || undefined} data-column={what}>
      {rate.of === 0 ? (
        <span className={styles.faint}>—</span>
      ) : (
        <>
          {counted(rate)} <span className={styles.faint}>{bounds(rate)}</span>
        </>
      )}
    </span>
  );
}

function Row({ test }: { test: ListedTest }) {
  const failed = failedRuns(test);
  const newest = test.history[0] ?? "skipped";
  return (
    <>
      <span role="cell">
        <StatusMark status={newest} />
      </span>
      <span role="cell" className={styles.name}>
        <Link to="/tests/$test" params={{ test: test.id }} className={styles.test}>
          <TestTitle test={test} />
        </Link>
        <span className={styles.place} title={visible(testPlace(test))}>
          {test.rates.flaky && <span className={styles.flaky}>flaky · </span>}
          <SafeText text={testPlace(test)} />
        </span>
      </span>
      <span role="cell" data-column="history">
        <History history={test.history} room={ROOM} />
      </span>
      <span role="cell" className={styles.number} data-column="failed">
        {failed} of {test.history.length}
      </span>
      <RateCell rate={test.rates.both_outcomes_on_one_commit} what="commits" />
      <RateCell rate={test.rates.passed_on_retry} what="retries" />
    </>
  );
}

const TITLES: { title: string; order?: TestOrder; column?: string; explained?: string }[] = [
  { title: "Newest" },
  { title: "Test", order: "name" },
  { title: "History", column: "history" },
  { title: "Failed runs", order: "failed", column: "failed" },
  {
    title: "Both outcomes",
    order: "flaky",
    column: "commits",
    explained: "Commits on which it passed and failed, of those on which it was tried more than once",
  },
  {
    title: "Passed on retry",
    column: "retries",
    explained: "Runs in which it passed after it had failed, of those in which it was tried",
  },
];

function Titles({ order, setOrder }: Pick<Props, "order" | "setOrder">) {
  return (
    <div role="row" aria-rowindex={1} className={`${styles.row} ${styles.titles}`}>
      {TITLES.map(({ title, order: by, column, explained }) => {
        const sorted = by === order ? (by === "name" ? "ascending" : "descending") : undefined;
        return (
          <span key={title} role="columnheader" aria-sort={sorted} data-column={column} title={explained}>
            {by === undefined ? (
              <span className={title === "Newest" ? "visually-hidden" : undefined}>{title}</span>
            ) : (
              <button type="button" className={styles.sort} onClick={() => setOrder(by)}>
                {title}
                <span aria-hidden>{sorted === "ascending" ? " ↑" : sorted === "descending" ? " ↓" : ""}</span>
              </button>
            )}
          </span>
        );
      })}
    </div>
  );
}

export function TestsTable({ tests, order, setOrder }: Props) {
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    setTop(body.current?.getBoundingClientRect().top ?? 0);
  }, []);
  const virtual = useWindowVirtualizer({
    count: tests.length,
    estimateSize: () => ROW_PX,
    overscan: 10,
    scrollMargin: top,
  });
  return (
    <div role="table" aria-label="Tests" aria-rowcount={tests.length + 1} className={styles.table}>
      <div role="rowgroup">
        <Titles order={order} setOrder={setOrder} />
      </div>
      <div ref={body} role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const test = tests[item.index];
          if (test === undefined) return null;
          return (
            <div
              key={test.id}
              role="row"
              aria-rowindex={item.index + 2}
              className={styles.row}
              style={{ transform: `translateY(${item.start - top}px)` }}
            >
              <Row test={test} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
