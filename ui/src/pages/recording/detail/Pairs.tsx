// Names and values: headers, a query, a form, facts. Masked values are marked, so that nobody takes them for the sent ones.
import { Fragment } from "react";
import { SafeText } from "../../../components/SafeText";
import styles from "./Pairs.module.css";

const MASKED = /(\[masked:[0-9a-f]{4}:[0-9a-f]{12}\])/;

export function Value({ text }: { text: string }) {
  return text.split(MASKED).map((part, index) => {
    const key = index;
    if (!MASKED.test(part)) return <Fragment key={key}>{part !== "" && <SafeText text={part} />}</Fragment>;
    return (
      <span key={key} className={styles.masked} title="Masked when it was recorded: equal values have equal signs">
        {part}
      </span>
    );
  });
}

interface Props {
  title: string;
  pairs: readonly { name: string; value: string }[];
}

export function Pairs({ title, pairs }: Props) {
  return (
    <section className={styles.section}>
      <h3>
        {title} <span className={styles.count}>{pairs.length}</span>
      </h3>
      {pairs.length === 0 ? (
        <p className={styles.none}>none</p>
      ) : (
        <table className={styles.table}>
          <tbody>
            {pairs.map((pair, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a name may stand twice, and the order is that of the wire
              <tr key={index}>
                <th scope="row">
                  <SafeText text={pair.name} />
                </th>
                <td>
                  <Value text={pair.value} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
