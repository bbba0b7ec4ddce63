// Puts the timeline (src/timeline, no React in it) into the page, and connects it to the address.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { timelineQuery } from "../../../api/queries";
import type { Attempt } from "../../../api/types";
import { Gaps } from "../../../components/Gaps";
import { Failure, Loading } from "../../../components/Pending";
import { useTheme } from "../../../theme/theme";
import { mountTimeline, type TimelineData, type TimelineHandle, type TimelineOptions } from "../../../timeline";
import type { RecordingState } from "../state";
import { useForwardedKeys } from "./useForwardedKeys";
import styles from "./TimelineView.module.css";

interface Props {
  state: RecordingState;
  attempt: Attempt;
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
  useForwardedKeys(host);
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
