// Above the tree: how many rows there are, and what can be done to all of them.
import type { Model } from "../model";
import { element } from "./elements";
import styles from "./timeline.module.css";

export interface LegendEvents {
  collapse: () => void;
  expand: () => void;
  compress: () => void;
}

function button(text: string, title: string, act: () => void): HTMLButtonElement {
  const made = element("button", undefined, { type: "button", title });
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

export class Legend {
  readonly element = element("div", styles.legend);
  private readonly count = element("span", undefined, { role: "status" });
  private readonly fold: HTMLButtonElement;
  private readonly idle: HTMLButtonElement;
  private collapsed = false;

  constructor(
    private readonly model: Model,
    events: LegendEvents,
  ) {
    this.fold = button("Collapse", "", () => {
      this.collapsed = !this.collapsed;
      if (this.collapsed) events.collapse();
      else events.expand();
    });
    this.idle = button("Skip idle", "Leave out where nothing but the test itself runs (i)", events.compress);
    this.element.append(this.count, this.idle, this.fold);
  }

  update(tree: number): void {
    const { model } = this;
    this.element.style.width = `${tree}px`;
    const number = (value: number) => value.toLocaleString("en");
    const all = number(model.data.rows);
    const said = model.match === null ? `${all} spans` : `${number(model.match.count)} of ${all} spans`;
    if (this.count.textContent !== said) this.count.textContent = said;
    this.idle.hidden = !model.hasIdle;
    this.idle.setAttribute("aria-pressed", String(model.compressed));
    this.fold.textContent = this.collapsed ? "Expand" : "Collapse";
    this.fold.title = this.collapsed ? "Open every row" : "Close what the calls of the test led to";
    this.fold.disabled = model.match !== null;
  }
}
