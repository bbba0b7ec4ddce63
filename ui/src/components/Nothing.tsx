// Where there is nothing to show: why, and what makes something come.
import type { ReactNode } from "react";
import { Copy } from "./Copy";
import styles from "./Nothing.module.css";

interface Props {
  /** A sentence that says what there is none of. */
  title: string;
  children: ReactNode;
  /** What to type, where that helps. */
  command?: string;
}

export function Nothing({ title, children, command }: Props) {
  return (
    <div className={styles.nothing}>
      <p className={styles.title}>{title}</p>
      <p>{children}</p>
      {command !== undefined && (
        <div className={styles.command}>
          <pre>{command}</pre>
          <Copy text={() => command}>Copy</Copy>
        </div>
      )}
    </div>
  );
}
