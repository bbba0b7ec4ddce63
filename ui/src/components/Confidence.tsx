// How sure a diagnosis is, with the fixed meaning of the word, and whose the cause is.
import type { Diagnosis } from "../api/types";
import { confidenceMeaning, ownerWord } from "../text/words";
import styles from "./Confidence.module.css";
import { Tip } from "./Tip";

export function Confidence({ diagnosis }: { diagnosis: Diagnosis }) {
  const { confidence, owner } = diagnosis;
  return (
    <span className={styles.line}>
      <Tip text={confidenceMeaning(confidence)}>
        <button type="button" className={styles.confidence} data-confidence={confidence}>
          {confidence}
        </button>
      </Tip>
      {confidence !== "undetermined" && <span className={styles.owner}>{ownerWord(owner)}</span>}
      {diagnosis.not_your_code && <span className={styles.owner}>not your code</span>}
    </span>
  );
}
