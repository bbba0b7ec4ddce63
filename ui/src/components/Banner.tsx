// Something that the reader should know before relying on what is below.
import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./Banner.module.css";

const ICONS = { note: Info, warning: TriangleAlert, error: CircleAlert };

interface Props {
  kind: "note" | "warning" | "error";
  children: ReactNode;
  action?: ReactNode;
}

export function Banner({ kind, children, action }: Props) {
  const Icon = ICONS[kind];
  return (
    <div className={styles.banner} data-kind={kind} role={kind === "error" ? "alert" : "status"}>
      <Icon size={16} aria-hidden />
      <div className={styles.text}>{children}</div>
      {action}
    </div>
  );
}
