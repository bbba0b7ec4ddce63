// What was logged in a span, and around it by others.
import { useQuery } from "@tanstack/react-query";
import { logsQuery } from "../../../api/queries";
import type { LogRecord, SpanDetail } from "../../../api/types";
import { Failure, Loading } from "../../../components/Pending";
import { SafeText } from "../../../components/SafeText";
import { offset } from "../../../text/format";
import type { RecordingState } from "../state";
import styles from "./SpanLogs.module.css";

const AROUND_MS = 50;
const MOST = 200;

function List({ title, logs, none }: { title: string; logs: LogRecord[]; none: string }) {
  return (
    <section className={styles.section}>
      <h3>{title}</h3>
      {logs.length === 0 && <p className={styles.none}>{none}</p>}
      <ul>
        {logs.slice(0, MOST).map((record, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: records have no identity, and never move
          <li key={index}>
            <span className={styles.time}>{offset(record.at_ms)}</span>
            <span className={styles.body}>
              <SafeText text={record.body} />
            </span>
          </li>
        ))}
      </ul>
      {logs.length > MOST && <p className={styles.none}>and {logs.length - MOST} more, in the logs</p>}
    </section>
  );
}

export function SpanLogs({ span, state }: { span: SpanDetail; state: RecordingState }) {
  const query = useQuery(logsQuery(state.attempt));
  if (query.isPending) return <Loading what="logs" lines={4} />;
  if (query.isError) return <Failure error={query.error} retry={() => query.refetch()} />;
  const own = query.data.logs.filter((record) => record.span_id === span.span_id);
  const from = span.at_ms - AROUND_MS;
  const to = span.at_ms + (span.duration_ms ?? Number.POSITIVE_INFINITY) + AROUND_MS;
  const around = query.data.logs.filter(
    (record) => record.span_id !== span.span_id && record.at_ms >= from && record.at_ms <= to,
  );
  return (
    <>
      <List title="In this span" logs={own} none="nothing" />
      <List title={`Around it, ${AROUND_MS} ms before and after`} logs={around} none="nothing" />
    </>
  );
}
