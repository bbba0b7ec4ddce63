// What is known to be missing, with counts and reasons, before anything is concluded from what is there.
import type { Gap } from "../api/types";
import { count } from "../text/format";
import { gapWord } from "../text/words";
import { Banner } from "./Banner";
import styles from "./Gaps.module.css";
import { SafeText } from "./SafeText";

export function Gaps({ gaps, notices = [] }: { gaps: readonly Gap[]; notices?: readonly string[] }) {
  if (gaps.length + notices.length === 0) return null;
  return (
    <Banner kind="warning">
      <details className={styles.gaps}>
        <summary>
          Incomplete:{" "}
          {[...gaps.map((gap) => `${gapWord(gap.kind)} (${gap.count.toLocaleString("en")})`), ...notices].join("; ")}
        </summary>
        <ul>
          {gaps.map((gap) => (
            <li key={gap.kind}>
              <code>{gap.kind}</code> {count(gap.count, "time")}
              {gap.details.map((detail) => (
                <p key={detail}>
                  <SafeText text={detail} />
                </p>
              ))}
            </li>
          ))}
        </ul>
      </details>
    </Banner>
  );
}
