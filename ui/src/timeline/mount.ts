// Puts a timeline into an element and keeps it there.
import { FLAG, NONE, spanId, type TimelineData } from "./data";

/** A stretch of the axis, in milliseconds from the start of the recording. */
export interface Window {
  from: number;
  to: number;
}

export interface TimelineOptions {
  /** The span that is selected. */
  selected: string | null;
  /** The stretch that is shown; null for the whole recording. */
  window: Window | null;
  /** The reader chose a span. */
  onSelect: (span: string) => void;
  /** The reader chose a stretch; null for the whole recording. */
  onWindow: (window: Window | null) => void;
  /** The span that the verdict holds the failure against. */
  culprit: string | null;
  /** What the reader filters by (src/text/filter.ts); empty for nothing. */
  query: string;
  theme: "light" | "dark";
}

export interface TimelineHandle {
  /** Takes over what changed. */
  update: (options: Partial<TimelineOptions>) => void;
  destroy: () => void;
}

/** Shows `data` in `host`, which must have a size of its own. */
export function mountTimeline(host: HTMLElement, data: TimelineData, options: TimelineOptions): TimelineHandle {
  let current = options;
  const table = document.createElement("table");
  const { start, duration, depth, name, flags } = data.columns;
  const millis = (units: number) => (units * data.unitNs) / 1e6;
  for (let row = 0; row < Math.min(data.rows, 500); row += 1) {
    const line = table.insertRow();
    line.dataset.span = spanId(data, row);
    line.insertCell().textContent = "\u00a0".repeat((depth[row] ?? 0) * 2) + (data.names[name[row] ?? 0] ?? "");
    line.insertCell().textContent = millis(start[row] ?? 0).toFixed(1);
    const length = duration[row] ?? NONE;
    line.insertCell().textContent = length === NONE ? "never ended" : millis(length).toFixed(1);
    if ((flags[row] ?? 0) & FLAG.failed) line.dataset.failed = "";
  }
  const mark = () => {
    for (const line of table.rows) line.ariaSelected = String(line.dataset.span === current.selected);
  };
  table.addEventListener("click", (event) => {
    const span = (event.target as Element).closest("tr")?.dataset.span;
    if (span !== undefined) current.onSelect(span);
  });
  mark();
  host.append(table);
  return {
    update: (changed) => {
      current = { ...current, ...changed };
      mark();
    },
    destroy: () => table.remove(),
  };
}
