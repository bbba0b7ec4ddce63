// One call in the table: what was asked of whom, what came back, and when.
import { RotateCcw } from "lucide-react";
import { memo } from "react";
import type { Call } from "../../../api/types";
import { SafeText } from "../../../components/SafeText";
import { hasFailed, outcome, type Try } from "../../../model/calls";
import { duration, offset, size } from "../../../text/format";
import type { Axis } from "../axis";
import styles from "./ExchangesView.module.css";

interface Props {
  call: Call;
  /** Its place among all calls of the recording. */
  number: number;
  /** Its row in the table, counted from the head. */
  row: number;
  top: number;
  axis: Axis;
  tried: Try | null;
  selected: boolean;
  culprit: boolean;
  select: (span: string) => void;
}

function When({ call, axis }: { call: Call; axis: Axis }) {
  const from = axis.at(call.at_ms);
  const to = call.duration_ms === null ? 100 : axis.at(call.at_ms + call.duration_ms);
  return (
    <span className={styles.axis} aria-hidden>
      <span
        className={styles.bar}
        data-open={call.duration_ms === null || undefined}
        style={{ left: `${from}%`, width: `max(3px, ${to - from}%)` }}
      />
    </span>
  );
}

export const CallRow = memo(function CallRow(props: Props) {
  const { call, number, row, top, axis, tried, selected, culprit, select } = props;
  const failed = hasFailed(call);
  return (
    <div
      role="row"
      aria-rowindex={row}
      className={styles.row}
      data-selected={selected || undefined}
      data-failed={failed || undefined}
      data-culprit={culprit || undefined}
      data-span={call.span_id}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="cell">{number}</span>
      <span role="cell" data-column="Start">
        {offset(call.at_ms)}
      </span>
      <span role="cell" data-column="Call">
        <button type="button" className={styles.call} onClick={() => select(call.span_id)} aria-pressed={selected}>
          <b>{call.method}</b> <SafeText text={call.path} />
          {call.query !== null && (
            <span className={styles.faint}>
              ?<SafeText text={call.query} />
            </span>
          )}
        </button>
        {tried !== null && (
          <span className={styles.try} title={`try ${tried.number} of ${tried.of}`}>
            <RotateCcw size={11} aria-hidden />
            {tried.number}/{tried.of}
          </span>
        )}
        {call.mocked !== null && <span className={styles.try}>{call.mocked}</span>}
      </span>
      <span role="cell" data-column="To" title={`${call.from} → ${call.host}`}>
        <SafeText text={call.peer} />
      </span>
      <span role="cell" className={styles.status}>
        <SafeText text={outcome(call)} />
      </span>
      <span role="cell" data-column="When">
        <When call={call} axis={axis} />
      </span>
      <span role="cell" data-column="Time">
        {duration(call.duration_ms)}
      </span>
      <span role="cell" data-column="Size">
        {size(call.response_size)}
      </span>
    </div>
  );
});
