// Calls that a test makes again and again until it sees something: how long that took when it passed, and how long it had
// the patience to look when it failed.
import type { Poll, Spread } from "../../api/types";
import { SafeText } from "../../components/SafeText";
import { Section } from "../../components/Section";
import { pollText } from "../../model/history";
import { callText } from "../../text/figures";
import { duration } from "../../text/format";
import across from "../across.module.css";
import styles from "./Polls.module.css";

/** A stretch of times on an axis from 0 to `top` milliseconds; also one that is a single time can be seen. */
function Stretch({ times, top, y, of }: { times: Spread; top: number; y: number; of: "needed" | "waited" }) {
  const at = (ms: number) => (100 * ms) / Math.max(1, top);
  return (
    <g data-of={of}>
      <line x1={`${at(times.shortest_ms)}%`} x2={`${at(times.longest_ms)}%`} y1={y} y2={y} />
      <circle cx={`${at(times.shortest_ms)}%`} cy={y} r="3.5" />
      <circle cx={`${at(times.longest_ms)}%`} cy={y} r="3.5" />
    </g>
  );
}

function Entry({ poll }: { poll: Poll }) {
  const { needed, waited } = poll;
  const top = Math.max(needed.longest_ms, waited?.longest_ms ?? 0);
  return (
    <li className={across.entry}>
      <p>
        <code>
          <SafeText text={callText(poll.call)} />
        </code>
        : <span data-tight={poll.tight || undefined}>{pollText(poll)}</span>
      </p>
      <div className={styles.axis}>
        <span>0</span>
        <svg className={styles.picture} width="100%" height={waited === null ? 14 : 26} aria-hidden="true">
          <Stretch times={needed} top={top} y={7} of="needed" />
          {waited !== null && <Stretch times={waited} top={top} y={19} of="waited" />}
        </svg>
        <span>{duration(top)}</span>
      </div>
    </li>
  );
}

export function Polls({ polls }: { polls: readonly Poll[] }) {
  if (polls.length === 0) return null;
  return (
    <Section title="How long it looks until it sees">
      <ul>
        {polls.map((poll) => (
          <Entry key={callText(poll.call)} poll={poll} />
        ))}
      </ul>
    </Section>
  );
}
