// One peer: the failures that it caused, how its answers came, what became of refusals, and what its answers look like now.
import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import { type ReactNode, useId } from "react";
import type { AnswerChange, Dependency } from "../../api/types";
import { SafeText } from "../../components/SafeText";
import { changeCall, changeNumbers, changeText } from "../../model/history";
import { bounds, counted, range } from "../../text/figures";
import { count, duration } from "../../text/format";
import { causeWord } from "../../text/words";
import { Mix } from "./Mix";
import styles from "./Peer.module.css";

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Caused({ peer: { name, caused } }: { peer: Dependency }) {
  if (caused.failures.count === 0) return null;
  const causes = caused.causes.map(({ what, count }) => ({ what: causeWord(what), count }));
  return (
    <Fact title="Caused">
      <b className={styles.caused}>{counted(caused.failures)} diagnosed failures</b> ({count(caused.tests, "test")},{" "}
      {duration(caused.cost_ms)} of test time){" "}
      {caused.newest !== null && (
        <Link to="/a/$attempt" params={{ attempt: caused.newest }} className={styles.newest}>
          Newest of them
          <ArrowRight size={14} aria-hidden />
        </Link>
      )}
      <Mix counts={causes} label={`Causes of failures by ${name}`} />
    </Fact>
  );
}

function Retries({ retries: { helped, given_up, might_have_helped } }: Pick<Dependency, "retries">) {
  if (helped.of + given_up === 0) return null;
  return (
    <Fact title="Retries">
      {helped.of > 0 && (
        <p>
          the next try helped in {counted(helped)} refusals that were tried again{" "}
          <span className={styles.quiet}>(95 % interval {bounds(helped)})</span>
        </p>
      )}
      {given_up > 0 && (
        <p>
          {count(given_up, "refusal")} without another try
          {might_have_helped > 0 && (
            <>
              , <b className={styles.notable}>{might_have_helped.toLocaleString("en")}</b> of them where one helped
              elsewhere
            </>
          )}
        </p>
      )}
    </Fact>
  );
}

function Allowances({ allowances }: Pick<Dependency, "allowances">) {
  if (allowances.length === 0) return null;
  return (
    <Fact title="Rate limits">
      {allowances.map(({ header, answers, lowest, highest }) => (
        <p key={header}>
          <code>
            <SafeText text={header} />
          </code>{" "}
          in {count(answers, "answer")}
          {lowest !== null && highest !== null && `, ${range(lowest, highest)}`}
        </p>
      ))}
    </Fact>
  );
}

function Change({ change }: { change: AnswerChange }) {
  return (
    <p>
      answers of{" "}
      <code>
        <SafeText text={changeCall(change)} />
      </code>
      : <b className={styles.notable}>{<SafeText text={changeText(change)} />}</b>{" "}
      <span className={styles.quiet}>({changeNumbers(change)})</span>{" "}
      <Link to="/runs/$run" params={{ run: change.run }}>
        the newest run
      </Link>
    </p>
  );
}

export function Peer({ peer }: { peer: Dependency }) {
  const id = useId();
  const { calls, tries, latency, errors, changes } = peer;
  return (
    <section className={styles.peer} aria-labelledby={id} data-caused={peer.caused.failures.count > 0 || undefined}>
      <header className={styles.head}>
        <h2 id={id}>
          <SafeText text={peer.name} />
        </h2>
        <span className={styles.role}>{peer.role}</span>
      </header>
      <dl>
        <Caused peer={peer} />
        <Fact title="Calls">
          {count(calls, "call")}
          {tries > calls && ` in ${tries.toLocaleString("en")} tries`}
        </Fact>
        <Fact title="Answers">
          {latency === null
            ? "none came"
            : `half of ${count(latency.answers, "answer")} within ${duration(latency.p50_ms)}, 95 % within ${duration(latency.p95_ms)}`}
        </Fact>
        {errors.length > 0 && (
          <Fact title="Errors">
            <Mix counts={errors} label={`Errors of ${peer.name}`} />
          </Fact>
        )}
        <Retries retries={peer.retries} />
        <Allowances allowances={peer.allowances} />
        {changes.length > 0 && (
          <Fact title="Changed">
            {changes.map((change) => (
              <Change key={`${changeCall(change)} ${change.path} ${change.kind}`} change={change} />
            ))}
          </Fact>
        )}
      </dl>
    </section>
  );
}
