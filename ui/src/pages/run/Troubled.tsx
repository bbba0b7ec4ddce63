// The tests that failed, were flaky or never ended, each with its verdict in one line.
import { Link } from "@tanstack/react-router";
import type { Test } from "../../api/types";
import { SafeText } from "../../components/SafeText";
import { Section } from "../../components/Section";
import { StatusMark } from "../../components/StatusMark";
import { decisive, testTitle } from "../../model/run";
import { duration } from "../../text/format";
import styles from "./Troubled.module.css";

/** In one line: the diagnosis, else what the runner said. */
function verdict(test: Test): string {
  const attempt = decisive(test);
  if (attempt === undefined) return "";
  if (attempt.diagnosis !== null) return attempt.diagnosis.summary;
  return attempt.error === null ? "" : `${attempt.error.type}: ${attempt.error.message}`;
}

function Row({ test }: { test: Test }) {
  const attempt = decisive(test);
  if (attempt === undefined) return null;
  return (
    <li className={styles.row}>
      <StatusMark status={test.status} />
      <div className={styles.what}>
        <Link to="/a/$attempt" params={{ attempt: attempt.id }} className={styles.title}>
          <SafeText text={testTitle(test)} />
        </Link>
        <p className={styles.verdict}>
          <SafeText text={verdict(test)} />
        </p>
      </div>
      <span className={styles.number}>
        {test.kind === "fixture" && "hook · "}
        {test.attempts.length > 1 && `attempt ${attempt.number} of ${test.attempts.length} · `}
        {duration(attempt.duration_ms)}
      </span>
    </li>
  );
}

export function Troubled({ tests }: { tests: Test[] }) {
  return (
    <Section title="Failed or flaky" count={tests.length}>
      <ul>
        {tests.map((test) => (
          <Row key={test.id} test={test} />
        ))}
      </ul>
    </Section>
  );
}
