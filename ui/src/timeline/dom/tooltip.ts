// One element that says in full what is under the pointer. Text nodes only.
import type { Description } from "../describe";
import { element } from "./elements";
import styles from "./timeline.module.css";

const AWAY = 14;
/** The pointer rests for so long before something is said; after that each row is said at once. */
const REST_MS = 250;

export class Tooltip {
  readonly element = element("div", styles.tooltip, { "aria-hidden": "true" });
  private readonly title = element("strong", undefined);
  private readonly facts = element("span", undefined);
  private readonly notes = element("span", styles.notes);
  private shown: number | null = null;
  private timer = 0;

  constructor() {
    this.element.append(this.title, this.facts, this.notes);
    this.hide();
  }

  /** Shows an item's description at a point of the timeline; `bounds` is its size. */
  show(item: number, say: () => Description, x: number, y: number, bounds: { width: number; height: number }): void {
    clearTimeout(this.timer);
    if (this.shown !== null) this.put(item, say, x, y, bounds);
    else this.timer = window.setTimeout(() => this.put(item, say, x, y, bounds), REST_MS);
  }

  private put(
    item: number,
    say: () => Description,
    x: number,
    y: number,
    bounds: { width: number; height: number },
  ): void {
    const { style } = this.element;
    if (item !== this.shown) {
      const { title, start, length, status, notes } = say();
      this.title.textContent = title;
      this.facts.textContent = [`at ${start}`, length, status].filter((fact) => fact !== "").join(" · ");
      this.notes.textContent = notes.join(" · ");
      this.notes.hidden = notes.length === 0;
      this.shown = item;
      this.element.hidden = false;
    }
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = x + AWAY + width > bounds.width ? x - AWAY - width : x + AWAY;
    const top = y + AWAY + height > bounds.height ? y - AWAY - height : y + AWAY;
    style.transform = `translate(${Math.max(4, Math.round(left))}px, ${Math.max(4, Math.round(top))}px)`;
  }

  hide(): void {
    clearTimeout(this.timer);
    this.element.hidden = true;
    this.shown = null;
  }
}
