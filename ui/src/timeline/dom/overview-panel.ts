// The overview above the rows, and the window in it: dragged, resized, or moved by key through its two sliders.
import { offset } from "../../text/format";
import { type Axis, clampWindow, zoomTo } from "../axis";
import { toMillis } from "../data";
import type { Span } from "../idle";
import { keep, recall } from "../memory";
import type { Model } from "../model";
import type { Overview } from "../overview";
import { computeOverview, paintOverview } from "../paint/overview";
import type { Palette } from "../palette";
import { element, onDrag, Sheet } from "./elements";
import styles from "./timeline.module.css";

const HEIGHT = 96;
const HEIGHT_LEAST = 24;
const HEIGHT_MOST = 320;
const PAD = 10;
/** A drag shorter than this is a click. */
const CLICK_PX = 4;

export class OverviewPanel {
  readonly element = element("div", styles.overview);
  readonly resizer = element("div", styles.resize, {
    role: "separator",
    tabindex: "0",
    "aria-orientation": "horizontal",
    "aria-label": "Height of the overview",
    "aria-valuemin": String(HEIGHT_LEAST),
    "aria-valuemax": String(HEIGHT_MOST),
  });
  private readonly sheet = new Sheet(undefined);
  private readonly shades = [element("div", styles.shade), element("div", styles.shade)] as const;
  private readonly grip = element("div", styles.grip);
  private readonly handles: readonly [HTMLElement, HTMLElement];
  private height = recall("overview", HEIGHT, HEIGHT_LEAST, HEIGHT_MOST);
  private axis: Axis;
  private drawn: { overview: Overview; key: string } | null = null;

  constructor(
    private readonly model: Model,
    private readonly changed: (window: Span) => void,
    private readonly resized: () => void,
  ) {
    this.axis = model.overviewAxis(100);
    this.handles = [this.handle("from"), this.handle("to")];
    this.element.append(this.sheet.canvas, ...this.shades, this.grip, ...this.handles);
    this.setHeight(this.height);
    this.listen();
  }

  private setHeight(height: number): void {
    this.height = Math.min(HEIGHT_MOST, Math.max(HEIGHT_LEAST, Math.round(height)));
    this.element.style.height = `${this.height}px`;
    this.resizer.setAttribute("aria-valuenow", String(this.height));
    keep("overview", this.height);
  }

  private handle(edge: "from" | "to"): HTMLElement {
    const made = element("div", styles.handle, {
      role: "slider",
      tabindex: "0",
      "aria-label": edge === "from" ? "Start of the window" : "End of the window",
    });
    onDrag(made, (event) => {
      event.stopPropagation();
      return (moved) => this.moveEdge(edge, this.axis.time(this.pixel(moved)));
    });
    made.addEventListener("keydown", (event) => {
      const step = (event.shiftKey ? 0.1 : 0.01) * this.axis.width;
      const x = this.axis.x(this.model.window[edge]);
      const to = { ArrowLeft: x - step, ArrowRight: x + step, Home: 0, End: this.axis.width }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      this.moveEdge(edge, this.axis.time(to));
    });
    return made;
  }

  private moveEdge(edge: "from" | "to", time: number): void {
    const least = this.model.data.duration / 1e5;
    const { from, to } = this.model.window;
    const kept = Math.min(this.model.whole.to, Math.max(0, time));
    const next =
      edge === "from" ? { from: Math.min(kept, to - least), to } : { from, to: Math.max(kept, from + least) };
    this.changed(clampWindow(next, this.model.data.duration));
  }

  private pixel(event: PointerEvent): number {
    return event.clientX - this.element.getBoundingClientRect().left - PAD;
  }

  private listen(): void {
    const { duration } = this.model.data;
    onDrag(this.grip, (event) => {
      event.stopPropagation();
      const pressed = this.pixel(event);
      const [left, right] = [this.axis.x(this.model.window.from), this.axis.x(this.model.window.to)];
      return (moved) => {
        const by = Math.max(-left, Math.min(this.axis.width - right, this.pixel(moved) - pressed));
        this.changed(zoomTo(this.axis, left + by, right + by, duration));
      };
    });
    onDrag(this.element, (event) => {
      const pressed = this.pixel(event);
      return (moved) => {
        if (Math.abs(this.pixel(moved) - pressed) < CLICK_PX) return;
        const within = (x: number) => Math.min(this.axis.width, Math.max(0, x));
        this.changed(zoomTo(this.axis, within(pressed), within(this.pixel(moved)), duration));
      };
    });
    this.element.addEventListener("dblclick", () => this.changed(this.model.whole));
    onDrag(this.resizer, (event) => {
      const [pressed, height] = [event.clientY, this.height];
      return (moved) => {
        this.setHeight(height + moved.clientY - pressed);
        this.resized();
      };
    });
    this.resizer.addEventListener("keydown", (event) => {
      const step = { ArrowUp: -8, ArrowDown: 8 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      this.setHeight(this.height + step);
      this.resized();
    });
  }

  /** Paints what ran; the rows of the pixels are looked for only when the axis or the height changed. */
  paint(palette: Palette, width: number, culprit: number): void {
    const inner = Math.max(40, width - 2 * PAD);
    const key = `${inner} ${this.height} ${this.model.compressed}`;
    this.axis = this.model.overviewAxis(inner);
    const { model, axis, height } = this;
    if (this.drawn?.key !== key) this.drawn = { overview: computeOverview({ model, axis, height }), key };
    const pen = this.sheet.open(width, height);
    if (pen === null) return;
    paintOverview(pen, { model, axis, palette, left: PAD, width, height, culprit }, this.drawn.overview);
  }

  /** Puts the window where it is. */
  place(width: number): void {
    const { model, axis } = this;
    const [left, right] = [PAD + axis.x(model.window.from), PAD + axis.x(model.window.to)];
    this.shades[0].style.left = "0";
    this.shades[0].style.width = `${Math.max(0, left)}px`;
    this.shades[1].style.left = `${right}px`;
    this.shades[1].style.width = `${Math.max(0, width - right)}px`;
    this.grip.style.left = `${left}px`;
    this.grip.style.width = `${Math.max(0, right - left)}px`;
    this.grip.toggleAttribute("data-whole", model.isWhole);
    const millis = (units: number) => toMillis(model.data, units);
    [model.window.from, model.window.to].forEach((time, index) => {
      const handle = this.handles[index];
      if (handle === undefined) return;
      handle.style.left = `${index === 0 ? left : right}px`;
      handle.toggleAttribute("data-whole", model.isWhole);
      handle.setAttribute("aria-valuemin", String(Math.round(millis(0))));
      handle.setAttribute("aria-valuemax", String(Math.round(millis(model.whole.to))));
      handle.setAttribute("aria-valuenow", String(Math.round(millis(time))));
      handle.setAttribute("aria-valuetext", offset(millis(time)));
    });
  }
}
