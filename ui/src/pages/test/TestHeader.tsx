// Which test this is, and how often it was recorded.
import type { TestHistory } from "../../api/types";
import { Copy } from "../../components/Copy";
import { SafeText } from "../../components/SafeText";
import { StatusMark } from "../../components/StatusMark";
import { TestTitle } from "../../components/TestTitle";
import { overall } from "../../model/history";
import { testPlace } from "../../model/run";
import { count } from "../../text/format";
import styles from "./TestHeader.module.css";

export function TestHeader({ history: { test, counts } }: { history: TestHistory }) {
  const attempts = counts.passed + counts.failed + counts.skipped + counts.unfinished;
  const told: [number, string][] = [
    [counts.passed, "passed"],
    [counts.failed, "failed"],
    [counts.unfinished, "never ended"],
    [counts.skipped, "skipped"],
  ];
  return (
    <header className={styles.header}>
      <div className={styles.line}>
        <StatusMark status={overall(counts)} />
        <h1>
          <TestTitle test={test} />
        </h1>
        <Copy text={() => location.href}>Copy link</Copy>
      </div>
      <div className={styles.facts}>
        <SafeText text={testPlace(test)} />
        <span>
          {count(attempts, "attempt")} in {count(counts.runs, "run")}
        </span>
        <span>
          {told
            .filter(([number]) => number > 0)
            .map(([number, word]) => `${number.toLocaleString("en")} ${word}`)
            .join(", ")}
        </span>
      </div>
    </header>
  );
}
