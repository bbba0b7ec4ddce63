// In what a passing attempt is not like the other passes of its test: quiet, because it passed. Each oddity leads to its call
// here, and to the same call in another pass.
import { Link } from "@tanstack/react-router";
import type { Oddity, Unlike } from "../../../api/types";
import { Banner } from "../../../components/Banner";
import { SafeText } from "../../../components/SafeText";
import { offset } from "../../../text/format";
import styles from "./UnlikePasses.module.css";
import type { Select } from "./Verdict";

function Odd({ oddity, unlike, select }: { oddity: Oddity; unlike: Unlike; select: Select }) {
  const { span_id, other_span_id } = oddity;
  const call = (
    <>
      <code>
        <SafeText text={oddity.call} />
      </code>{" "}
      <SafeText text={oddity.text} />
      {oddity.at_ms !== null && <span className={styles.at}> {offset(oddity.at_ms)}</span>}
    </>
  );
  return (
    <li>
      {span_id === null ? (
        call
      ) : (
        <button type="button" className={styles.call} onClick={() => select(span_id, "response")}>
          {call}
        </button>
      )}{" "}
      {other_span_id !== null && (
        <Link to="/a/$attempt" params={{ attempt: unlike.attempt }} search={{ span: other_span_id, tab: "response" }}>
          the same call in pass {unlike.short_id}
        </Link>
      )}
    </li>
  );
}

export function UnlikePasses({ unlike, select }: { unlike: Unlike; select: Select }) {
  return (
    <Banner kind="warning">
      <SafeText text={unlike.summary} />
      <ul className={styles.list}>
        {unlike.oddities.map((oddity) => (
          <Odd
            key={`${oddity.span_id} ${oddity.call} ${oddity.text}`}
            oddity={oddity}
            unlike={unlike}
            select={select}
          />
        ))}
        {unlike.left_out > 0 && <li>and {unlike.left_out} more</li>}
      </ul>
    </Banner>
  );
}
