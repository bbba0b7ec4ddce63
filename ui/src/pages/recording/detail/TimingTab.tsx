// When what happened during a call: connecting, sending, waiting, receiving.
import type { Exchange, SpanDetail } from "../../../api/types";
import { type Phase, phases } from "../../../model/phases";
import { duration, offset } from "../../../text/format";
import { Pairs } from "./Pairs";
import styles from "./TimingTab.module.css";

function Bar({ phase, total }: { phase: Phase; total: number }) {
  return (
    <tr>
      <th scope="row">{phase.name}</th>
      <td className={styles.track}>
        <span
          className={styles.bar}
          data-phase={phase.name}
          style={{
            left: `${(phase.from / total) * 100}%`,
            width: `max(2px, ${((phase.to - phase.from) / total) * 100}%)`,
          }}
        />
      </td>
      <td className={styles.number}>{duration((phase.to - phase.from) / 1000)}</td>
    </tr>
  );
}

export function TimingTab({ span, exchange }: { span: SpanDetail; exchange: Exchange }) {
  const found = span.timing === null ? [] : phases(span.timing);
  const total = Math.max(1, ...found.map((phase) => phase.to));
  const facts: { name: string; value: string }[] = [
    { name: "began", value: offset(span.at_ms) },
    { name: "took", value: duration(span.duration_ms) },
    { name: "part of the test", value: exchange.phase },
  ];
  const reused = span.timing?.reused_connection;
  if (reused !== null && reused !== undefined) facts.push({ name: "connection", value: reused ? "reused" : "new" });
  if (exchange.timeout_ms !== null) facts.push({ name: "client waits at most", value: duration(exchange.timeout_ms) });
  const busy = span.timing?.loop_active_ms;
  if (busy !== null && busy !== undefined) facts.push({ name: "caller's event loop busy for", value: duration(busy) });
  return (
    <>
      {found.length > 0 && (
        <table className={styles.table}>
          <tbody>
            {found.map((phase) => (
              <Bar key={phase.name} phase={phase} total={total} />
            ))}
          </tbody>
        </table>
      )}
      <Pairs title="Times" pairs={facts} />
    </>
  );
}
