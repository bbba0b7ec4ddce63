// The incidents of a run: stretches in which a peer refused most of what it was asked, with the tests that failed by it.
import { Link } from "@tanstack/react-router";
import type { RunDocument, RunOutage, Test } from "../../api/types";
import { SafeText } from "../../components/SafeText";
import { Section } from "../../components/Section";
import { Stretch } from "../../components/Stretch";
import { outageWord } from "../../model/incidents";
import { decisive, testTitle } from "../../model/run";
import { count, duration } from "../../text/format";
import styles from "./Outages.module.css";

function Outage({ outage, tests }: { outage: RunOutage; tests: Test[] }) {
  const hit = tests.flatMap((test) => {
    const attempt = decisive(test);
    return attempt !== undefined && outage.tests.includes(test.id) ? [{ test, attempt }] : [];
  });
  const cost = hit.reduce((sum, { attempt }) => sum + (attempt.duration_ms ?? 0), 0);
  return (
    <li className={styles.outage}>
      <p>
        <b>{outageWord(outage.cause)}</b>: <SafeText text={outage.summary} />
      </p>
      <p className={styles.facts}>
        <Stretch from={outage.from} to={outage.to} />
        <span>
          failed {count(hit.length, "test")}, {duration(cost)} of test time
        </span>
        <Link to="/incidents" search={{ q: `peer:"${outage.peer}"` }}>
          incidents of this peer
        </Link>
      </p>
      <ul className={styles.tests}>
        {hit.map(({ test, attempt }) => (
          <li key={attempt.id}>
            <Link to="/a/$attempt" params={{ attempt: attempt.id }}>
              <SafeText text={testTitle(test)} />
            </Link>
          </li>
        ))}
      </ul>
    </li>
  );
}

export function Outages({ document: { outages, tests } }: { document: RunDocument }) {
  if (outages.length === 0) return null;
  return (
    <Section title="Incidents" count={outages.length}>
      <ul>
        {outages.map((outage) => (
          <Outage key={`${outage.peer} ${outage.from}`} outage={outage} tests={tests} />
        ))}
      </ul>
    </Section>
  );
}
