// One incident: what it was, from when to when, whom it hit, and what it cost, with a link to each.
import { Link } from "@tanstack/react-router";
import { useId } from "react";
import type { Hit, Incident } from "../../api/types";
import { Prose } from "../../components/Prose";
import { SafeText } from "../../components/SafeText";
import { Stretch } from "../../components/Stretch";
import { TestTitle } from "../../components/TestTitle";
import { hitText, incidentWord } from "../../model/incidents";
import { count, duration } from "../../text/format";
import { causeWord } from "../../text/words";
import styles from "./IncidentCard.module.css";

function Failed({ hit }: { hit: Hit }) {
  return (
    <li>
      <Link to="/a/$attempt" params={{ attempt: hit.attempt }}>
        <TestTitle test={hit.test} />
      </Link>
      <span className={styles.facts}>
        <time dateTime={hit.started}>{new Date(hit.started).toLocaleString()}</time>
        <span>{duration(hit.duration_ms)}</span>
        <Link to="/runs/$run" params={{ run: hit.run }}>
          run
        </Link>
        <Link to="/tests/$test" params={{ test: hit.test.id }}>
          history
        </Link>
      </span>
    </li>
  );
}

export function IncidentCard({ incident }: { incident: Incident }) {
  const id = useId();
  const { peer, hits, failures, refused, disputed } = incident;
  const more = failures - hits.length;
  return (
    <section className={styles.card} aria-labelledby={id} data-kind={incident.kind}>
      <h2 id={id}>
        {incidentWord(incident)}
        {peer !== null && (
          <>
            {" · "}
            <Link to="/dependencies" search={{ q: `peer:"${peer}"` }}>
              <SafeText text={peer} />
            </Link>
          </>
        )}
      </h2>
      <p>
        <Prose text={incident.summary} />
      </p>
      {disputed !== null && (
        <p>
          that tests failed by it is disputed: you said <b>{causeWord(disputed.cause)}</b>
        </p>
      )}
      <p className={styles.facts}>
        <SafeText text={hitText(incident)} />
        <span>{duration(incident.cost_ms)} of test time</span>
        {refused !== null && (
          <span>
            {refused.count.toLocaleString("en")} of {count(refused.of, "call")} refused
          </span>
        )}
        <Stretch from={incident.first_seen} to={incident.last_seen} />
      </p>
      <ul className={styles.hits} aria-label="Failures">
        {hits.map((hit) => (
          <Failed key={hit.attempt} hit={hit} />
        ))}
        {more > 0 && <li className={styles.facts}>and {count(more, "older one")}</li>}
      </ul>
    </section>
  );
}
