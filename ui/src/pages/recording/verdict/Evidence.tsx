// What a verdict stands on: for it, against it, what followed, what is missing and what else it could be.
import { Link } from "@tanstack/react-router";
import type { Diagnosis, Finding } from "../../../api/types";
import { Prose } from "../../../components/Prose";
import { ago } from "../../../text/format";
import { basisWord, causeWord } from "../../../text/words";
import styles from "./Evidence.module.css";
import type { Select } from "./Verdict";

/** Facts and remarks that are shown at once. */
const FIRST = 3;
const FIRST_REMARKS = 2;

function Fact({ finding, select }: { finding: Finding; select: Select }) {
  const { span_id } = finding;
  if (span_id === null) return <Prose text={finding.text} />;
  return (
    <button type="button" className={styles.fact} onClick={() => select(span_id)}>
      <Prose text={finding.text} />
    </button>
  );
}

function Facts({ findings, select, from }: { findings: Finding[]; select: Select; from: number }) {
  return (
    <ol className={styles.list} start={from}>
      {findings.map((finding, index) => (
        <li key={finding.text}>
          <span className={styles.number} aria-hidden>
            {from + index}
          </span>
          <Fact finding={finding} select={select} />
        </li>
      ))}
    </ol>
  );
}

function Texts({ texts }: { texts: string[] }) {
  return (
    <ul>
      {texts.map((text) => (
        <li key={text}>
          <Prose text={text} />
        </li>
      ))}
    </ul>
  );
}

function Group({ title, texts }: { title: string; texts: string[] }) {
  if (texts.length === 0) return null;
  return (
    <div className={styles.group}>
      <h3>{title}</h3>
      <Texts texts={texts.slice(0, FIRST_REMARKS)} />
      {texts.length > FIRST_REMARKS && (
        <details className={styles.more}>
          <summary>{texts.length - FIRST_REMARKS} more</summary>
          <Texts texts={texts.slice(FIRST_REMARKS)} />
        </details>
      )}
    </div>
  );
}

function Compared({ diagnosis }: { diagnosis: Diagnosis }) {
  const { baseline } = diagnosis;
  if (baseline === null) return null;
  return (
    <p className={styles.baseline}>
      Compared with{" "}
      <Link
        to="/a/$attempt"
        params={{ attempt: baseline.attempt }}
        search={baseline.call === null ? {} : { span: baseline.call.span_id, tab: "response" }}
      >
        passing recording {baseline.short_id}
      </Link>
      , {basisWord(baseline.basis)}, {ago(baseline.started, Date.now())}
    </p>
  );
}

/** What speaks for the verdict. */
export function Evidence({ diagnosis, select }: { diagnosis: Diagnosis; select: Select }) {
  const { findings } = diagnosis;
  return (
    <div className={styles.evidence}>
      <Facts findings={findings.slice(0, FIRST)} select={select} from={1} />
      {findings.length > FIRST && (
        <details className={styles.more}>
          <summary>{findings.length - FIRST} more</summary>
          <Facts findings={findings.slice(FIRST)} select={select} from={FIRST + 1} />
        </details>
      )}
      <Compared diagnosis={diagnosis} />
    </div>
  );
}

/** What follows from it, what speaks against it, what else it could be and what it lacks. */
export function Beside({ diagnosis, select }: { diagnosis: Diagnosis; select: Select }) {
  const { counter, rivals, missing, therefore } = diagnosis;
  if (counter.length + rivals.length + missing.length + therefore.length === 0) return null;
  return (
    <div className={styles.evidence}>
      <Group title="Therefore" texts={therefore} />
      {counter.length > 0 && (
        <div className={styles.group}>
          <h3>Against it</h3>
          <Facts findings={counter} select={select} from={1} />
        </div>
      )}
      {rivals.length > 0 && (
        <div className={styles.group}>
          <h3>Not ruled out</h3>
          <ul>
            {rivals.map((rival) => (
              <li key={`${rival.cause} ${rival.summary}`}>
                <b>{causeWord(rival.cause)}</b>{" "}
                <Fact finding={{ text: rival.summary, span_id: rival.span_id }} select={select} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <Group title="Missing" texts={missing} />
    </div>
  );
}
