// The seen rows as elements of a tree grid, unseen themselves but exactly where the canvas has them: for screen readers,
// and for tests that read the page.
import { FLAG, hasFlag, spanId } from "../data";
import { type Describing, describe } from "../describe";
import { isFold } from "../order";
import { ROW } from "../paint/frame";
import { element } from "./elements";
import styles from "./timeline.module.css";

/** Rows are put there this long after scrolling has stopped. */
const QUIET_MS = 120;

export interface Seen {
  first: number;
  last: number;
  offset: number;
}

export class Mirror {
  readonly element = element("div", styles.mirror, { role: "rowgroup" });
  private timer = 0;

  /** `grid` is the element that has the focus and the role. */
  constructor(
    private readonly grid: HTMLElement,
    private readonly what: Describing,
  ) {}

  /** Puts the rows there when it has been quiet. */
  later(seen: () => Seen): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.now(seen()), QUIET_MS);
  }

  now({ first, last, offset }: Seen): void {
    clearTimeout(this.timer);
    const { model } = this.what;
    const rows: HTMLElement[] = [];
    for (let index = first; index < last; index += 1) rows.push(this.row(index, offset));
    this.element.replaceChildren(...rows);
    this.grid.setAttribute("aria-rowcount", String(model.count));
    const active = model.indexOf(model.cursor);
    if (active >= first && active < last) this.grid.setAttribute("aria-activedescendant", `timeline-row-${active}`);
    else this.grid.removeAttribute("aria-activedescendant");
  }

  private row(index: number, offset: number): HTMLElement {
    const { model } = this.what;
    const item = model.item(index);
    const row = element("div", undefined, {
      role: "row",
      id: `timeline-row-${index}`,
      "aria-rowindex": String(index + 1),
      "aria-level": String((model.order.depths[index] ?? 0) + 1),
      "aria-selected": String(item === model.cursor),
    });
    const open = model.isOpen(item);
    if (open !== undefined) row.setAttribute("aria-expanded", String(open));
    row.dataset.span = spanId(model.data, model.rowFor(item));
    if (!isFold(item) && hasFlag(model.data, item, FLAG.failed)) row.dataset.failed = "";
    if (!isFold(item) && hasFlag(model.data, item, FLAG.culprit)) row.dataset.culprit = "";
    row.style.top = `${index * ROW - offset}px`;
    const { title, status, start, length, notes } = describe(this.what, item);
    for (const text of [title, status, start, length, notes.join(", ")]) {
      const cell = element("span", undefined, { role: "gridcell" });
      cell.textContent = text;
      // The space keeps the texts apart in the name of the row.
      row.append(cell, " ");
    }
    return row;
  }

  destroy(): void {
    clearTimeout(this.timer);
  }
}
