// Puts the timeline (src/timeline, no React in it) into the page, and connects it to the address.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { logsQuery, timelineQuery } from "../../../api/queries";
import type { Attempt } from "../../../api/types";
import { Gaps } from "../../../components/Gaps";
import { Failure, Loading } from "../../../components/Pending";
import { useKeys } from "../../../keyboard/keys";
import { useTheme } from "../../../theme/theme";
import {
  type LogMoment,
  mountTimeline,
  TIMELINE_KEYS,
  type TimelineData,
  type TimelineHandle,
  type TimelineOptions,
} from "../../../timeline";
import { levelOf } from "../logs/level";
import type { RecordingState } from "../state";
import styles from "./TimelineView.module.css";

interface Props {
  state: RecordingState;
  attempt: Attempt;
}

/** What was logged, as moments on the axis; nothing until it is known. */
function useLog(attempt: string): readonly LogMoment[] | undefined {
  const logs = useQuery(logsQuery(attempt)).data?.logs;
  return useMemo(
    () =>
      logs?.map((record) => {
        const level = levelOf(record.severity);
        return {
          at: record.at_ms,
          level: level === "fatal" ? "error" : level === "error" || level === "warn" ? level : "other",
        };
      }),
    [logs],
  );
}

function Host({ data, state, attempt }: Props & { data: TimelineData }) {
  const host = useRef<HTMLDivElement>(null);
  const handle = useRef<TimelineHandle>(null);
  const options: TimelineOptions = {
    selected: state.span,
    window: state.stretch,
    culprit: attempt.diagnosis?.culprit?.span_id ?? null,
    query: state.query,
    theme: useTheme(),
    onSelect: (span) => state.select(span),
    onWindow: state.setStretch,
    log: useLog(state.attempt),
  };
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
    handle.current?.update(options);
  });
  useEffect(() => {
    if (host.current === null) return;
    const mounted = mountTimeline(host.current, data, latest.current);
    handle.current = mounted;
    return () => {
      handle.current = null;
      mounted.destroy();
    };
  }, [data]);
  useKeys(Object.fromEntries(TIMELINE_KEYS.map((key) => [key, (event) => handle.current?.press(event)])));
  return <div ref={host} className={styles.host} />;
}

export function TimelineView(props: Props) {
  const query = useQuery(timelineQuery(props.state.attempt));
  if (query.isPending) return <Loading what="the timeline" lines={9} />;
  if (query.isError) return <Failure error={query.error} retry={() => query.refetch()} />;
  return (
    <div className={styles.view}>
      <Gaps gaps={[]} notices={query.data.notices} />
      <Host {...props} data={query.data} />
    </div>
  );
}
