// The graph as a table: one row for each pair that talked.
import type { Graph } from "../../../api/types";
import { SafeText } from "../../../components/SafeText";
import { duration } from "../../../text/format";
import styles from "./GraphView.module.css";

interface Props {
  graph: Graph;
  open: (node: string) => void;
  select: (span: string) => void;
}

export function GraphTable({ graph, open, select }: Props) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">To</th>
          <th scope="col" className={styles.number}>
            Calls
          </th>
          <th scope="col" className={styles.number}>
            Failed
          </th>
          <th scope="col" className={styles.number}>
            Median
          </th>
          <th scope="col">Example</th>
        </tr>
      </thead>
      <tbody>
        {graph.edges.map((edge) => (
          <tr key={`${edge.from}\n${edge.to}`}>
            <td>
              <SafeText text={edge.from} />
            </td>
            <td>
              <button type="button" className={styles.link} onClick={() => open(edge.to)}>
                <SafeText text={edge.to} />
              </button>
            </td>
            <td className={styles.number}>{edge.calls}</td>
            <td className={`${styles.number} ${edge.failed > 0 ? styles.failed : ""}`}>{edge.failed}</td>
            <td className={styles.number}>{duration(edge.median_ms)}</td>
            <td>
              <button type="button" className={styles.link} onClick={() => select(edge.example)}>
                {edge.failed > 0 ? "first failed call" : "first call"}
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
