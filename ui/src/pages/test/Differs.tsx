// What holds in recordings of failures more than in those of successes, the most telling first.
import type { Differences, Distinction, Rate } from "../../api/types";
import { SafeText } from "../../components/SafeText";
import { Section } from "../../components/Section";
import { counted } from "../../text/figures";
import { count } from "../../text/format";
import across from "../across.module.css";
import styles from "./Differs.module.css";

function Share({ rate, of }: { rate: Rate; of: "failing" | "passing" }) {
  const share = rate.of === 0 ? 0 : (100 * rate.count) / rate.of;
  return (
    <td className={styles.share} data-of={of}>
      {counted(rate)} <span className={styles.narrow}>{of}</span>
      <svg width="100%" height="4" aria-hidden="true">
        <rect className={styles.all} width="100%" height="4" rx="2" />
        <rect width={`${share}%`} height="4" rx="2" />
      </svg>
    </td>
  );
}

function Row({ found, rank }: { found: Distinction; rank: number }) {
  return (
    <tr>
      <td className={styles.rank}>{rank}</td>
      <th scope="row">
        <code>
          <SafeText text={found.text} />
        </code>
      </th>
      <Share rate={found.failing} of="failing" />
      <Share rate={found.passing} of="passing" />
    </tr>
  );
}

/** Why nothing is found. */
function nothing({ passing }: Differences): string {
  return passing === 0
    ? "There is no passing recording to hold it against. One run in which it passes makes the comparison."
    : "Nothing in its calls that passing recordings do not have as often.";
}

export function Differs({ differences }: { differences: Differences }) {
  const { failing, passing, found } = differences;
  if (failing === 0) return null;
  const of = `of ${failing.toLocaleString("en")} failing and ${count(passing, "passing recording")}`;
  return (
    <Section title="What differs when it fails" count={of}>
      {found.length === 0 ? (
        <p className={across.none}>{nothing(differences)}</p>
      ) : (
        <table className={styles.found}>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Rank</span>
              </th>
              <th scope="col">What holds</th>
              <th scope="col">Failing</th>
              <th scope="col">Passing</th>
            </tr>
          </thead>
          <tbody>
            {found.map((one, index) => (
              <Row key={one.text} found={one} rank={index + 1} />
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
