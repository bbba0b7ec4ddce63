// How often a test is flaky, by three published rules, each with what it was counted of and its 95 % interval.
import type { FlakeRates, Rate } from "../../api/types";
import { Section } from "../../components/Section";
import { bounds, percent } from "../../text/figures";
import { count } from "../../text/format";
import styles from "./Rates.module.css";

/** The rules in the terminal's words: what is counted, and of what. */
const RULES: { rule: string; of: (number: number) => string; rate: (rates: FlakeRates) => Rate }[] = [
  {
    rule: "both outcomes on one commit",
    of: (number) => `${count(number, "commit")} tried more than once`,
    rate: (rates) => rates.both_outcomes_on_one_commit,
  },
  { rule: "passed on retry", of: (number) => count(number, "run"), rate: (rates) => rates.passed_on_retry },
  {
    rule: "other outcome than the run before",
    of: (number) => `${count(number, "run")} after another on its branch`,
    rate: (rates) => rates.flip_rate,
  },
];

/** The share on its interval, from 0 to 100 %. What was not counted has no picture. */
function Interval({ rate }: { rate: Rate }) {
  if (rate.of === 0) return null;
  return (
    <svg className={styles.interval} width="100%" height="14" aria-hidden="true">
      <line className={styles.all} x1="0" x2="100%" y1="7" y2="7" />
      <rect
        x={`${rate.low_permille / 10}%`}
        width={`${(rate.high_permille - rate.low_permille) / 10}%`}
        y="4"
        height="6"
        rx="3"
      />
      <circle cx={`${(100 * rate.count) / rate.of}%`} cy="7" r="4.5" />
    </svg>
  );
}

export function Rates({ rates }: { rates: FlakeRates }) {
  return (
    <Section
      title={rates.flaky ? "Flaky: it failed and passed with nothing changed" : "Not known to be flaky"}
      count="shares with their 95 % intervals"
    >
      <table className={styles.rates}>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Counted</th>
            <th scope="col">Share</th>
            <th scope="col">Interval, from 0 to 100 %</th>
          </tr>
        </thead>
        <tbody>
          {RULES.map(({ rule, of, rate }) => {
            const share = rate(rates);
            return (
              <tr key={rule}>
                <th scope="row">{rule}</th>
                <td>
                  {share.count.toLocaleString("en")} of {of(share.of)}
                </td>
                <td className={styles.share}>
                  {share.of === 0 ? "nothing to count" : `${percent(share)} (${bounds(share)})`}
                </td>
                <td className={styles.picture}>
                  <Interval rate={share} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Section>
  );
}
