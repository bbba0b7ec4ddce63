// What was logged, by time, on the axis of the timeline: narrowed by the filter and by the stretch of time.
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import { logsQuery } from "../../../api/queries";
import type { Attempt, LogRecord } from "../../../api/types";
import { Failure, Loading } from "../../../components/Pending";
import { isEmpty, matches, parseFilter } from "../../../text/filter";
import { duration } from "../../../text/format";
import { type Axis, axisOf } from "../axis";
import rows from "../rows.module.css";
import { isWithin, type RecordingState } from "../state";
import { useRows } from "../useRows";
import { LogRow } from "./LogRow";
import styles from "./LogsView.module.css";
import { levelOf } from "./level";

const ROW_PX = 30;

interface Props {
  state: RecordingState;
  attempt: Attempt;
}

function AxisHead({ axis, culprit }: { axis: Axis; culprit: number | null }) {
  return (
    <span className={styles.axisHead}>
      <span>{axis.from === 0 ? "0" : duration(axis.from)}</span>
      {culprit !== null && culprit >= axis.from && culprit <= axis.to && (
        <span className={styles.flag} style={{ left: `${axis.at(culprit)}%` }} title="The culprit" />
      )}
      <span>{duration(axis.to)}</span>
    </span>
  );
}

function Stream({ logs, all, state, attempt }: Props & { logs: LogRecord[]; all: LogRecord[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const axis = useMemo(() => axisOf(all, attempt, state.stretch), [all, attempt, state.stretch]);
  const services = useMemo(() => [...new Set(all.map((record) => record.service))], [all]);
  const virtual = useVirtualizer({
    count: logs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const ids = useMemo(() => logs.map((record) => record.span_id), [logs]);
  useRows({ ids, selected: state.span, select: state.select, reveal: (index) => virtual.scrollToIndex(index) });
  const culprit = attempt.diagnosis?.culprit?.at_ms ?? null;
  return (
    <div ref={scroller} className={rows.scroller} role="table" aria-label="Logs" aria-rowcount={logs.length + 1}>
      <div role="rowgroup" className={rows.head}>
        <div role="row" aria-rowindex={1} className={styles.row}>
          <span role="columnheader">Time</span>
          <span role="columnheader" data-column="axis" aria-label="When">
            <AxisHead axis={axis} culprit={culprit} />
          </span>
          <span role="columnheader">Level</span>
          <span role="columnheader" data-column="service">
            Service
          </span>
          <span role="columnheader">Message</span>
        </div>
      </div>
      <div role="rowgroup" className={rows.body} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const record = logs[item.index];
          if (record === undefined) return null;
          return (
            <LogRow
              key={item.index}
              ref={virtual.measureElement}
              index={item.index}
              top={item.start}
              record={record}
              axis={axis}
              culprit={culprit}
              colour={services.indexOf(record.service) % 8}
              selected={record.span_id !== null && record.span_id === state.span}
              select={state.select}
            />
          );
        })}
      </div>
    </div>
  );
}

export function LogsView({ state, attempt }: Props) {
  const query = useQuery(logsQuery(state.attempt));
  const all = query.data?.logs;
  const shown = useMemo(() => {
    const filter = parseFilter(state.query);
    const wantsAll = isEmpty(filter);
    return (all ?? []).filter(
      (record) =>
        isWithin(state.stretch, record.at_ms, record.at_ms) &&
        (wantsAll ||
          matches(filter, {
            text: `${record.body} ${record.service}`,
            keys: { service: record.service, level: levelOf(record.severity) },
          })),
    );
  }, [all, state.query, state.stretch]);
  if (query.isPending) return <Loading what="logs" lines={9} />;
  if (query.isError) return <Failure error={query.error} retry={() => query.refetch()} />;
  if (shown.length === 0) {
    const why = query.data.logs.length === 0 ? "Nothing was logged." : "No record is like that.";
    return <p className={rows.none}>{why}</p>;
  }
  return <Stream logs={shown} all={query.data.logs} state={state} attempt={attempt} />;
}
