// A cause in a few words: how many, what, whom it is held against.
import { causeWord } from "../text/words";
import styles from "./CauseChip.module.css";
import { SafeText } from "./SafeText";

export function CauseChip({ cause, peer, count }: { cause: string; peer: string | null; count: number }) {
  return (
    <span className={styles.chip} data-known={cause !== "undetermined" || undefined}>
      {count > 1 && <b>{count}×</b>}
      {causeWord(cause)}
      {peer !== null && (
        <span className={styles.peer}>
          <SafeText text={peer} />
        </span>
      )}
    </span>
  );
}
