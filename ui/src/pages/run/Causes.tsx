// The failures of a run by their cause: one entry for a cause, however many tests it hit. What nobody knows the cause of
// stands apart, by what the tests say.
import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import { useState } from "react";
import type { Attempt, RunDocument, Test } from "../../api/types";
import { Confidence } from "../../components/Confidence";
import { Prose } from "../../components/Prose";
import { SafeText } from "../../components/SafeText";
import { Section } from "../../components/Section";
import { StatusMark } from "../../components/StatusMark";
import { type FailureGroup, failureGroups, groupSummary, seenText, testTitle } from "../../model/run";
import { count, duration } from "../../text/format";
import { causeWord, seeWord } from "../../text/words";
import styles from "./Causes.module.css";

/** Tests named before the rest is asked for. */
const NAMED = 3;

function Failed({ test, attempt }: { test: Test; attempt: Attempt }) {
  return (
    <li className={styles.test}>
      <StatusMark status={test.status} />
      <Link to="/a/$attempt" params={{ attempt: attempt.id }}>
        <SafeText text={testTitle(test)} />
      </Link>
      <span className={styles.took}>
        {test.kind === "fixture" && "hook · "}
        {test.attempts.length > 1 && `attempt ${attempt.number} of ${test.attempts.length} · `}
        {duration(attempt.duration_ms)}
      </span>
    </li>
  );
}

function Tests({ failures }: Pick<FailureGroup, "failures">) {
  const [all, setAll] = useState(false);
  const more = failures.length - NAMED;
  return (
    <ul className={styles.tests}>
      {failures.slice(0, all ? undefined : NAMED).map(({ test, attempt }) => (
        <Failed key={attempt.id} test={test} attempt={attempt} />
      ))}
      {more > 0 && (
        <li>
          <button type="button" className={styles.more} aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? "fewer" : `and ${count(more, "more", "more")}`}
          </button>
        </li>
      )}
    </ul>
  );
}

function Cause({ group }: { group: FailureGroup }) {
  const { failures, isDetermined } = group;
  const first = failures[0];
  if (first === undefined) return null;
  const { diagnosis } = first.attempt;
  const culprit = diagnosis?.culprit ?? null;
  const seen = seenText(group.seen, Date.now());
  return (
    <li className={styles.cause} data-undetermined={!isDetermined || undefined}>
      <div className={styles.kind}>
        <b>{diagnosis === null ? "No verdict yet" : causeWord(diagnosis.cause)}</b>
        <span>{count(failures.length, "test")}</span>
      </div>
      <div className={styles.what}>
        <p className={styles.summary}>
          <Prose text={groupSummary(group)} />
        </p>
        {seen !== null && (
          <p className={styles.seen}>
            {culprit === null ? (
              seen
            ) : (
              <Link to="/incidents" search={{ q: `peer:"${culprit.peer}"` }}>
                {seen}
              </Link>
            )}
          </p>
        )}
        <Tests failures={failures} />
      </div>
      <div className={styles.side}>
        {diagnosis !== null && <Confidence diagnosis={diagnosis} />}
        {culprit !== null && (
          <Link
            to="/a/$attempt"
            params={{ attempt: first.attempt.id }}
            search={{ span: culprit.span_id, tab: "response" }}
            className={styles.evidence}
          >
            {seeWord(culprit)}
            <ArrowRight size={14} aria-hidden />
          </Link>
        )}
      </div>
    </li>
  );
}

function Groups({ title, groups }: { title: string; groups: FailureGroup[] }) {
  if (groups.length === 0) return null;
  return (
    <Section title={title} count={groups.length}>
      <ul>
        {groups.map((group) => (
          <Cause key={group.failures[0]?.attempt.id} group={group} />
        ))}
      </ul>
    </Section>
  );
}

/** What is known to have failed tests, and apart from it the failures of which it is not known. */
export function Causes({ document }: { document: RunDocument }) {
  const groups = failureGroups(document);
  const isLive = document.run.state === "recording";
  return (
    <>
      <Groups title="Causes" groups={groups.filter((group) => group.isDetermined)} />
      <Groups
        title={isLive ? "Failed so far" : "Undetermined"}
        groups={groups.filter((group) => !group.isDetermined)}
      />
    </>
  );
}
