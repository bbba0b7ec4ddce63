// One log record. Long ones show their first lines, and all of them when asked.
import { type Ref, useState } from "react";
import type { LogRecord } from "../../../api/types";
import { SafeText } from "../../../components/SafeText";
import { offset } from "../../../text/format";
import type { Axis } from "../axis";
import styles from "./LogsView.module.css";
import { levelOf } from "./level";

const FIRST_LINES = 6;
const FIRST_CHARACTERS = 1200;

interface Props {
  ref: Ref<HTMLDivElement>;
  index: number;
  top: number;
  record: LogRecord;
  axis: Axis;
  culprit: number | null;
  colour: number;
  selected: boolean;
  select: (span: string) => void;
}

/** The beginning of a text; the text itself when there is not much more. */
function beginning(text: string): string {
  const lines = text.split("\n", FIRST_LINES + 1);
  return lines.slice(0, FIRST_LINES).join("\n").slice(0, FIRST_CHARACTERS);
}

function Body({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const first = beginning(text);
  const isLong = first.length < text.length;
  return (
    <span className={styles.message}>
      <SafeText text={whole ? text : first} />
      {isLong && (
        <button type="button" className={styles.more} onClick={() => setWhole(!whole)}>
          {whole ? "less" : "more"}
        </button>
      )}
    </span>
  );
}

export function LogRow({ ref, index, top, record, axis, culprit, colour, selected, select }: Props) {
  const level = levelOf(record.severity);
  const { span_id } = record;
  return (
    <div
      ref={ref}
      data-index={index}
      role="row"
      aria-rowindex={index + 2}
      className={styles.row}
      data-level={level}
      data-selected={selected || undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="cell">
        {span_id === null ? (
          <span className={styles.time}>{offset(record.at_ms)}</span>
        ) : (
          <button
            type="button"
            className={styles.time}
            onClick={() => select(span_id)}
            title="Show the span that wrote it"
          >
            {offset(record.at_ms)}
          </button>
        )}
      </span>
      <span role="cell" data-column="axis">
        <span className={styles.axis} aria-hidden>
          {culprit !== null && culprit >= axis.from && culprit <= axis.to && (
            <span className={styles.culprit} style={{ left: `${axis.at(culprit)}%` }} />
          )}
          <span
            className={styles.dot}
            style={{ left: `${axis.at(record.at_ms)}%`, background: `var(--bar-${colour})` }}
          />
        </span>
      </span>
      <span role="cell" className={styles.level}>
        {level}
      </span>
      <span role="cell" data-column="service" className={styles.service} style={{ color: `var(--bar-${colour})` }}>
        <span className={styles.serviceName}>
          <SafeText text={record.service} />
        </span>
      </span>
      <span role="cell" className={styles.cell}>
        <Body text={record.body} />
      </span>
    </div>
  );
}
