// The calls of a recording in order, narrowed by the filter and by the stretch of time.
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { callsQuery, timelineQuery } from "../../../api/queries";
import type { Attempt, Call } from "../../../api/types";
import { Failure, Loading } from "../../../components/Pending";
import { filterable, tries } from "../../../model/calls";
import { isEmpty, matches, parseFilter } from "../../../text/filter";
import { axisOf } from "../axis";
import rows from "../rows.module.css";
import { isWithin, type RecordingState } from "../state";
import { useRows } from "../useRows";
import { CallRow } from "./CallRow";
import styles from "./ExchangesView.module.css";

const ROW_PX = 32;

interface Props {
  state: RecordingState;
  attempt: Attempt;
}

function Table({ calls, all, state, attempt }: Props & { calls: Call[]; all: Call[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const timeline = useQuery(timelineQuery(state.attempt)).data;
  const tried = useMemo(() => (timeline === undefined ? new Map() : tries(timeline)), [timeline]);
  const axis = useMemo(() => axisOf(all, attempt, state.stretch), [all, attempt, state.stretch]);
  const virtual = useVirtualizer({
    count: calls.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
  });
  const ids = useMemo(() => calls.map((call) => call.span_id), [calls]);
  useRows({ ids, selected: state.span, select: state.select, reveal: (index) => virtual.scrollToIndex(index) });
  const first = useRef(state.span);
  useEffect(() => {
    const at = first.current === null ? -1 : ids.indexOf(first.current);
    first.current = null;
    if (at >= 0) virtual.scrollToIndex(at, { align: "center" });
  }, [ids, virtual]);
  const numbers = useMemo(() => new Map(all.map((call, index) => [call.span_id, index + 1])), [all]);
  const culprit = attempt.diagnosis?.culprit?.span_id;
  return (
    <div ref={scroller} className={rows.scroller} role="table" aria-label="Exchanges" aria-rowcount={calls.length + 1}>
      <div role="rowgroup" className={rows.head}>
        <div role="row" aria-rowindex={1} className={styles.row}>
          {["#", "Start", "Call", "To", "Status", "When", "Time", "Size"].map((title) => (
            <span key={title} role="columnheader" data-column={title}>
              {title}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={rows.body} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const call = calls[item.index];
          if (call === undefined) return null;
          return (
            <CallRow
              key={call.span_id}
              call={call}
              number={numbers.get(call.span_id) ?? 0}
              row={item.index + 2}
              top={item.start}
              axis={axis}
              tried={tried.get(call.span_id) ?? null}
              selected={call.span_id === state.span}
              culprit={call.span_id === culprit}
              select={state.select}
            />
          );
        })}
      </div>
    </div>
  );
}

export function ExchangesView({ state, attempt }: Props) {
  const query = useQuery(callsQuery(state.attempt));
  const all = query.data?.calls;
  const shown = useMemo(() => {
    const filter = parseFilter(state.query);
    const wantsAll = isEmpty(filter);
    return (all ?? []).filter(
      (call) =>
        isWithin(state.stretch, call.at_ms, call.at_ms + (call.duration_ms ?? Number.POSITIVE_INFINITY)) &&
        (wantsAll || matches(filter, filterable(call))),
    );
  }, [all, state.query, state.stretch]);
  if (query.isPending) return <Loading what="exchanges" lines={9} />;
  if (query.isError) return <Failure error={query.error} retry={() => query.refetch()} />;
  if (shown.length === 0) {
    const why = query.data.calls.length === 0 ? "This test made no call that was recorded." : "No call is like that.";
    return <p className={rows.none}>{why}</p>;
  }
  return <Table calls={shown} all={query.data.calls} state={state} attempt={attempt} />;
}
