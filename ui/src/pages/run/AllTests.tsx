// Every test of a run, in the order they ran. The list draws what is seen of it only; a run may have 25,000.
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Run, RunDocument, Status, Test } from "../../api/types";
import { Button } from "../../components/Button";
import { Filter } from "../../components/Filter";
import { SafeText } from "../../components/SafeText";
import { Section } from "../../components/Section";
import { StatusMark } from "../../components/StatusMark";
import { countedTests, decisive, isRunning, testPlace, testTitle } from "../../model/run";
import { RUN_STATUSES, type RunStatus } from "../../search";
import { matches, parseFilter } from "../../text/filter";
import { count, duration } from "../../text/format";
import styles from "./AllTests.module.css";

const ROW_PX = 34;

function Row({ test, running }: { test: Test; running: boolean }) {
  const attempt = decisive(test);
  const title = <SafeText text={testTitle(test)} />;
  return (
    <>
      <StatusMark status={running ? "running" : test.status} />
      {attempt === undefined ? (
        <span className={styles.title}>{title}</span>
      ) : (
        <Link to="/a/$attempt" params={{ attempt: attempt.id }} className={styles.title}>
          {title}
        </Link>
      )}
      <span className={styles.file}>
        {attempt !== undefined && attempt.unlike !== null && (
          <span className={styles.unlike}>unlike its other passes · </span>
        )}
        <SafeText text={testPlace(test)} />
      </span>
      <span className={styles.number}>{attempt && attempt.exchanges > 0 ? count(attempt.exchanges, "call") : ""}</span>
      <span className={styles.number}>
        {running ? "running" : test.status === "skipped" ? "" : duration(attempt?.duration_ms)}
      </span>
    </>
  );
}

function List({ tests, run }: { tests: Test[]; run: Run }) {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  // What stands above grows while a run goes on.
  useLayoutEffect(() => {
    setTop(list.current?.offsetTop ?? 0);
  });
  const virtual = useWindowVirtualizer({
    count: tests.length,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: top,
  });
  return (
    <ul ref={list} className={styles.list} style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((item) => {
        const test = tests[item.index];
        if (test === undefined) return null;
        return (
          <li
            key={test.id}
            className={styles.row}
            aria-setsize={tests.length}
            aria-posinset={item.index + 1}
            style={{ transform: `translateY(${item.start - top}px)` }}
          >
            <Row test={test} running={isRunning(test, run)} />
          </li>
        );
      })}
    </ul>
  );
}

export function AllTests({ document: { tests, run } }: { document: RunDocument }) {
  const search = useSearch({ from: "/runs/$run" });
  const navigate = useNavigate({ from: "/runs/$run" });
  const setText = useCallback(
    (q: string) => navigate({ search: (old) => ({ ...old, q: q === "" ? undefined : q }), replace: true }),
    [navigate],
  );
  const setStatus = (status: RunStatus | undefined) =>
    navigate({ search: (old) => ({ ...old, status }), replace: true, resetScroll: false });
  const shown = useMemo(() => {
    const filter = parseFilter(search.q ?? "");
    const text = (test: Test) => `${testTitle(test)} ${test.file} ${decisive(test)?.diagnosis?.summary ?? ""}`;
    return tests.filter(
      (test) =>
        (search.status === undefined || test.status === search.status) &&
        matches(filter, { text: text(test), keys: {} }),
    );
  }, [tests, search]);
  const present = new Set<Status>(tests.map((test) => test.status));
  const tools = (
    <div className={styles.tools}>
      {RUN_STATUSES.filter((status) => present.has(status)).map((status) => (
        <Button
          key={status}
          look={search.status === status ? "plain" : "quiet"}
          aria-pressed={search.status === status}
          onClick={() => setStatus(search.status === status ? undefined : status)}
        >
          {status}
        </Button>
      ))}
      <Filter value={search.q ?? ""} onChange={setText} label="Filter tests" />
    </div>
  );
  return (
    <Section title="All tests" count={countedTests(shown)} tools={tools}>
      {shown.length === 0 ? (
        <p className={styles.none}>{tests.length === 0 ? "No test has begun." : "No test is like that."}</p>
      ) : (
        <List tests={shown} run={run} />
      )}
    </Section>
  );
}
