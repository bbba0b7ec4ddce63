// The stretch of time that all views are narrowed to, and the way out of it.
import { X } from "lucide-react";
import { duration } from "../../text/format";
import styles from "./StretchChip.module.css";
import type { RecordingState } from "./state";

export function StretchChip({ state }: { state: RecordingState }) {
  const { stretch } = state;
  if (stretch === null) return null;
  return (
    <button
      type="button"
      className={styles.chip}
      onClick={() => state.setStretch(null)}
      title="Show the whole recording (0)"
    >
      {duration(stretch.from)} – {duration(stretch.to)}
      <X size={12} aria-hidden />
      <span className="visually-hidden">Show the whole recording</span>
    </button>
  );
}
