// How something went, by shape and word, not by colour alone.
import { Check, CircleDashed, CircleSlash2, Flag, LoaderCircle, type LucideIcon, X } from "lucide-react";
import type { Going } from "../model/run";
import styles from "./StatusMark.module.css";

const MARKS: Record<Going, [LucideIcon, string]> = {
  passed: [Check, "passed"],
  failed: [X, "failed"],
  flaky: [Flag, "flaky"],
  skipped: [CircleSlash2, "skipped"],
  unfinished: [CircleDashed, "unfinished"],
  running: [LoaderCircle, "running"],
};

export function StatusMark({ status, word = false }: { status: Going; word?: boolean }) {
  const [Icon, name] = MARKS[status] ?? MARKS.unfinished;
  return (
    <span className={styles.mark} data-status={status}>
      <Icon size={14} strokeWidth={2.75} aria-hidden />
      <span className={word ? undefined : "visually-hidden"}>{name}</span>
    </span>
  );
}
