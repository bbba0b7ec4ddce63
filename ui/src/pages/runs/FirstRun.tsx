// Before anything is recorded: how to record, in three steps.
import { Copy } from "../../components/Copy";
import styles from "./FirstRun.module.css";

const STEPS: { title: string; text: string; command: string }[] = [
  {
    title: "Record your tests",
    text: "Put it in front of the command that runs them. Nothing in the project changes, and the exit code stays the command's.",
    command: "flakescope run -- npx mocha",
  },
  {
    title: "See what services do meanwhile",
    text: "Services with an OpenTelemetry SDK send to the address that this page has. Their spans and logs join the test that called them.",
    command: `export OTEL_EXPORTER_OTLP_ENDPOINT=${location.origin}\nexport OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`,
  },
  {
    title: "Keep the report in CI",
    text: "The same command there; the report can be read by machines and kept as an artifact.",
    command: "flakescope run --report-json flakescope.json -- npx mocha",
  },
];

export function FirstRun() {
  return (
    <main className={styles.page} id="content">
      <h1>Nothing recorded yet</h1>
      <p className={styles.lead}>
        Flakescope records every test as a trace, each call with request and response, and says why a test failed. This
        page shows the first run as soon as it begins.
      </p>
      <ol className={styles.steps}>
        {STEPS.map((step, index) => (
          <li key={step.title}>
            <span className={styles.number} aria-hidden>
              {index + 1}
            </span>
            <div>
              <h2>{step.title}</h2>
              <p>{step.text}</p>
              <div className={styles.command}>
                <pre>{step.command}</pre>
                <Copy text={() => step.command}>Copy</Copy>
              </div>
            </div>
          </li>
        ))}
      </ol>
    </main>
  );
}
