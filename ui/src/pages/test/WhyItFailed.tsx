// The kept diagnoses of a test's failures by cause, and whether the newest failure is like earlier ones.
import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import type { CauseShare, TestHistory } from "../../api/types";
import { Prose } from "../../components/Prose";
import { SafeText } from "../../components/SafeText";
import { Section } from "../../components/Section";
import { noveltyText } from "../../model/history";
import { counted } from "../../text/figures";
import { count } from "../../text/format";
import { causeWord } from "../../text/words";
import across from "../across.module.css";
import styles from "./WhyItFailed.module.css";

function Cause({ cause }: { cause: CauseShare }) {
  return (
    <li className={styles.cause} data-undetermined={cause.fingerprint === null || undefined}>
      <div className={styles.share}>
        <span>{counted(cause.failures)}</span>
        <svg width="100%" height="6" aria-hidden="true">
          <rect className={styles.all} width="100%" height="6" rx="3" />
          <rect width={`${(100 * cause.failures.count) / Math.max(1, cause.failures.of)}%`} height="6" rx="3" />
        </svg>
      </div>
      <div className={styles.what}>
        <b>{causeWord(cause.cause)}</b>
        {cause.peer !== null && (
          <>
            {" · "}
            <SafeText text={cause.peer} />
          </>
        )}
        <p>
          <Prose text={cause.summary} />
        </p>
      </div>
      <Link to="/a/$attempt" params={{ attempt: cause.short_id }} className={styles.newest}>
        Newest of them
        <ArrowRight size={14} aria-hidden />
      </Link>
    </li>
  );
}

export function WhyItFailed({ history: { causes, novelty } }: { history: TestHistory }) {
  const first = causes[0];
  if (first === undefined) return null;
  return (
    <Section title="Why it failed" count={`of ${count(first.failures.of, "diagnosed failure")}`}>
      <ul>
        {causes.map((cause) => (
          <Cause key={`${cause.fingerprint} ${cause.short_id}`} cause={cause} />
        ))}
      </ul>
      {novelty !== null && (
        <p className={across.entry}>
          <span className={across.quiet}>newest failure: </span>
          {noveltyText(novelty)}
        </p>
      )}
    </Section>
  );
}
