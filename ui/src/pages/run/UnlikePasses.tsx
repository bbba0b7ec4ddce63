// Tests of a run that passed, but not like their other passes: one entry for what is odd, however many tests have it.
import { Link } from "@tanstack/react-router";
import type { RunDocument } from "../../api/types";
import { SafeText } from "../../components/SafeText";
import { Section } from "../../components/Section";
import { testTitle, type UnlikeGroup, unlikeGroups } from "../../model/run";
import { count } from "../../text/format";
import styles from "./UnlikePasses.module.css";

/** Tests named of one entry. */
const NAMED = 3;

function Odd({ group: { text, passes } }: { group: UnlikeGroup }) {
  const more = passes.length - NAMED;
  return (
    <li className={styles.odd}>
      <SafeText text={text} />
      <ul className={styles.tests}>
        {passes.slice(0, NAMED).map(({ test, attempt }) => (
          <li key={attempt.id}>
            <Link
              to="/a/$attempt"
              params={{ attempt: attempt.id }}
              search={{ span: attempt.unlike?.oddities[0]?.span_id ?? undefined }}
            >
              <SafeText text={testTitle(test)} />
            </Link>
          </li>
        ))}
        {more > 0 && <li>and {count(more, "more test", "more tests")}</li>}
      </ul>
    </li>
  );
}

export function UnlikePasses({ document }: { document: RunDocument }) {
  const groups = unlikeGroups(document);
  if (groups.length === 0) return null;
  return (
    <Section title="Passed, but not like their other passes" count={groups.length}>
      <ul>
        {groups.map((group) => (
          <Odd key={group.text} group={group} />
        ))}
      </ul>
    </Section>
  );
}
