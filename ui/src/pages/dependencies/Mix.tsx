// What something is made of: each kind with its count, and a bar as long as its share of all that are here.
import type { OutcomeCount } from "../../api/types";
import { SafeText } from "../../components/SafeText";
import styles from "./Mix.module.css";

interface Props {
  /** Most first. */
  counts: readonly OutcomeCount[];
  label: string;
}

export function Mix({ counts, label }: Props) {
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  return (
    <ul className={styles.mix} aria-label={label}>
      {counts.map(({ what, count }) => (
        <li key={what}>
          <svg width="64" height="6" aria-hidden="true">
            <rect className={styles.all} width="64" height="6" rx="3" />
            <rect width={Math.max(2, (64 * count) / Math.max(1, all))} height="6" rx="3" />
          </svg>
          <span>
            <SafeText text={what} /> × {count.toLocaleString("en")}
          </span>
        </li>
      ))}
    </ul>
  );
}
