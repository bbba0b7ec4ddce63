// What the test itself said, which is what the verdict explains.
import type { TestError as Shape } from "../../../api/types";
import { SafeText } from "../../../components/SafeText";
import styles from "./TestError.module.css";

export function TestError({ error }: { error: Shape }) {
  return (
    <div className={styles.error}>
      <h3>The test said{error.phase !== null && error.phase !== "body" ? `, in its ${error.phase}` : ""}</h3>
      <pre className={styles.message}>
        <SafeText text={error.type === "" ? error.message : `${error.type}: ${error.message}`} />
      </pre>
      {(error.expected !== null || error.actual !== null) && (
        <dl className={styles.compared}>
          <dt>expected</dt>
          <dd>
            <SafeText text={error.expected ?? "—"} />
          </dd>
          <dt>actual</dt>
          <dd>
            <SafeText text={error.actual ?? "—"} />
          </dd>
        </dl>
      )}
      {error.file !== null && (
        <code className={styles.place}>
          <SafeText text={error.line === null ? error.file : `${error.file}:${error.line}`} />
        </code>
      )}
    </div>
  );
}
