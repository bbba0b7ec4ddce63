// Why the test failed: the claim, how sure it is, and what it stands on. Each fact leads to where it can be seen.
import { ArrowRight } from "lucide-react";
import type { Attempt, Diagnosis, Test } from "../../../api/types";
import { Confidence } from "../../../components/Confidence";
import { Copy } from "../../../components/Copy";
import { Prose } from "../../../components/Prose";
import { SafeText } from "../../../components/SafeText";
import { hasFailed, outcome } from "../../../model/calls";
import { verdictMarkdown } from "../../../model/markdown";
import type { Tab } from "../../../search";
import { duration, offset } from "../../../text/format";
import { urlParts } from "../../../text/url";
import { causeWord, seeWord } from "../../../text/words";
import { Beside, Evidence } from "./Evidence";
import { TestError } from "./TestError";
import { UnlikePasses } from "./UnlikePasses";
import styles from "./Verdict.module.css";

export type Select = (span: string, tab?: Tab) => void;

interface Props {
  test: Test;
  attempt: Attempt;
  select: Select;
}

function Culprit({ diagnosis, select }: { diagnosis: Diagnosis; select: Select }) {
  const { culprit } = diagnosis;
  if (culprit === null) return null;
  const { host, path } = urlParts(culprit.url);
  return (
    <button type="button" className={styles.culprit} onClick={() => select(culprit.span_id, "response")}>
      <code className={styles.call}>
        <b>{culprit.method}</b> <span className={styles.host}>{host}</span>
        <SafeText text={path} /> →{" "}
        <span className={styles.outcome} data-fine={(culprit.status !== null && !hasFailed(culprit)) || undefined}>
          <SafeText text={outcome(culprit)} />
        </span>
      </code>
      <span className={styles.when}>
        {culprit.at_ms !== null && offset(culprit.at_ms)} · {duration(culprit.duration_ms)}
      </span>
      <span className={styles.open}>
        {seeWord(culprit)} <ArrowRight size={14} aria-hidden />
      </span>
    </button>
  );
}

function Diagnosed({ test, attempt, diagnosis, select }: Props & { diagnosis: Diagnosis }) {
  return (
    <section
      className={styles.card}
      aria-labelledby="verdict"
      data-undetermined={diagnosis.confidence === "undetermined" || undefined}
    >
      <div className={styles.head}>
        <h2 id="verdict" className={styles.claim}>
          <Prose text={diagnosis.summary} />
        </h2>
        <div className={styles.badges}>
          {diagnosis.cause !== "undetermined" && <span className={styles.cause}>{causeWord(diagnosis.cause)}</span>}
          <Confidence diagnosis={diagnosis} />
          <Copy text={() => verdictMarkdown(test, attempt, location.href)}>Copy as Markdown</Copy>
        </div>
      </div>
      <Culprit diagnosis={diagnosis} select={select} />
      <div className={styles.columns}>
        <Evidence diagnosis={diagnosis} select={select} />
        <div className={styles.beside}>
          {attempt.error !== null && <TestError error={attempt.error} />}
          <Beside diagnosis={diagnosis} select={select} />
        </div>
      </div>
    </section>
  );
}

export function Verdict({ test, attempt, select }: Props) {
  if (attempt.diagnosis !== null) {
    return <Diagnosed test={test} attempt={attempt} select={select} diagnosis={attempt.diagnosis} />;
  }
  if (attempt.error !== null) {
    return (
      <section className={styles.card} aria-label="The test's own error" data-undetermined>
        <TestError error={attempt.error} />
      </section>
    );
  }
  if (attempt.unlike !== null) {
    return <UnlikePasses unlike={attempt.unlike} select={select} />;
  }
  if (attempt.skip_reason !== null) {
    return (
      <p className={styles.quiet}>
        Left out: <SafeText text={attempt.skip_reason} />
      </p>
    );
  }
  return null;
}
