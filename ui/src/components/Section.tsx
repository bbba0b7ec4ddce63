// A part of a page with a heading.
import { type ReactNode, useId } from "react";
import styles from "./Section.module.css";

interface Props {
  title: string;
  count?: number | string;
  tools?: ReactNode;
  children: ReactNode;
}

export function Section({ title, count, tools, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles.section}>
      <div className={styles.head}>
        <h2 id={id}>
          {title}
          {count !== undefined && (
            <span className={styles.count}>{typeof count === "number" ? count.toLocaleString("en") : count}</span>
          )}
        </h2>
        {tools}
      </div>
      <div className={styles.body}>{children}</div>
    </section>
  );
}
