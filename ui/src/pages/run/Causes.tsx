// The failures of a run by their cause: one entry for a cause, however many tests it hit.
import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import { Confidence } from "../../components/Confidence";
import { SafeText } from "../../components/SafeText";
import { Section } from "../../components/Section";
import { type CauseGroup, testTitle } from "../../model/run";
import { count } from "../../text/format";
import { causeWord, seeWord } from "../../text/words";
import styles from "./Causes.module.css";

const NAMED = 3;

function Cause({ group }: { group: CauseGroup }) {
  const { diagnosis, failures } = group;
  const first = failures[0];
  if (first === undefined) return null;
  const { culprit } = diagnosis;
  return (
    <li className={styles.cause} data-undetermined={diagnosis.confidence === "undetermined" || undefined}>
      <div className={styles.kind}>
        <b>{count(failures.length, "test")}</b>
        <span>{causeWord(diagnosis.cause)}</span>
      </div>
      <div className={styles.what}>
        <p className={styles.summary}>
          <SafeText text={diagnosis.summary} />
        </p>
        <p className={styles.tests}>
          {failures.slice(0, NAMED).map(({ test, attempt }) => (
            <Link key={attempt.id} to="/a/$attempt" params={{ attempt: attempt.id }}>
              <SafeText text={testTitle(test)} />
            </Link>
          ))}
          {failures.length > NAMED && <span>and {failures.length - NAMED} more</span>}
        </p>
      </div>
      <div className={styles.side}>
        <Confidence diagnosis={diagnosis} />
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

function Groups({ title, groups }: { title: string; groups: CauseGroup[] }) {
  if (groups.length === 0) return null;
  return (
    <Section title={title} count={groups.length}>
      <ul className={styles.causes}>
        {groups.map((group) => (
          <Cause key={group.key} group={group} />
        ))}
      </ul>
    </Section>
  );
}

/** What is known to have failed tests, and apart from it the failures of which it is not known. */
export function Causes({ groups }: { groups: CauseGroup[] }) {
  const open = (group: CauseGroup) => group.diagnosis.confidence === "undetermined";
  return (
    <>
      <Groups title="Causes" groups={groups.filter((group) => !open(group))} />
      <Groups title="Undetermined" groups={groups.filter(open)} />
    </>
  );
}
