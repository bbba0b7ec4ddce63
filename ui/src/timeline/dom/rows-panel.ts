// The rows and the axis above them: scrolling, the pointer, and the elements that lie over the canvas.
import { type Describing, describe } from "../describe";
import { type Hit, hit } from "../hit";
import { paintAxis } from "../paint/axis";
import { chartLeft, type Frame, HEAD, ROW, seen } from "../paint/frame";
import { paintRows } from "../paint/rows";
import { clampOffset, isScaled, offsetFor, offsetOf, type ScrollSize, scrollTopOf, spacerHeight } from "../scroll";
import { element, Sheet } from "./elements";
import { Mirror } from "./mirror";
import styles from "./timeline.module.css";
import { Tooltip } from "./tooltip";

/** What the panel tells its owner. */
export interface RowsEvents {
  choose: (item: number) => void;
  toggle: (item: number) => void;
  zoomToItem: (item: number) => void;
  /** Zooms at a pixel of the chart. */
  zoom: (x: number, factor: number) => void;
  pan: (px: number) => void;
  scrolled: () => void;
}

/** Everything of a frame but what the panel itself knows. */
export type Scene = Omit<Frame, "width" | "height" | "offset">;

const LINE_PX = 16;

export class RowsPanel {
  readonly head = element("div", styles.head);
  readonly body = element("div", styles.body);
  readonly scroller: HTMLElement;
  readonly tooltip = new Tooltip();
  offset = 0;
  private readonly axisSheet = new Sheet(undefined);
  private readonly sheet = new Sheet(styles.rows);
  private readonly spacer = element("div", undefined);
  private readonly hover = element("div", styles.hover);
  private readonly focus = element("div", styles.focus);
  private readonly empty = element("p", styles.empty);
  private readonly mirror: Mirror;
  private width = 0;
  private height = 0;
  private frame: Frame | null = null;
  /** Where the pointer is in the rows; null when it is not. */
  private pointer: { x: number; y: number } | null = null;

  constructor(
    private readonly what: Describing,
    private readonly events: RowsEvents,
  ) {
    this.scroller = element("div", styles.scroller, {
      role: "treegrid",
      tabindex: "0",
      "aria-label": "Timeline",
      "aria-readonly": "true",
    });
    this.mirror = new Mirror(this.scroller, what);
    this.empty.textContent = "No span is like that.";
    this.spacer.style.width = "1px";
    this.head.style.height = `${HEAD}px`;
    this.hover.style.height = `${ROW}px`;
    this.focus.style.height = `${ROW}px`;
    this.hover.hidden = true;
    this.scroller.append(this.mirror.element, this.spacer);
    this.head.append(this.axisSheet.canvas);
    this.body.append(this.sheet.canvas, this.hover, this.focus, this.scroller, this.empty);
    this.listen();
  }

  private get size(): ScrollSize {
    return { content: this.what.model.count * ROW, view: this.height };
  }

  /** Takes over the room that there is. Gives the width of the rows, without a scrollbar. */
  measure(): number {
    this.height = this.body.clientHeight;
    this.spacer.style.height = `${spacerHeight(this.size)}px`;
    this.width = this.scroller.clientWidth;
    return this.width;
  }

  scrollTo(offset: number): void {
    this.offset = clampOffset(offset, this.size);
    const top = scrollTopOf(this.offset, this.size);
    if (Math.abs(this.scroller.scrollTop - top) >= 1) this.scroller.scrollTop = top;
  }

  /** Brings an item into view. */
  reveal(index: number): void {
    this.measure();
    if (index >= 0) this.scrollTo(offsetFor(index * ROW, ROW, this.offset, this.size));
  }

  get page(): number {
    return Math.max(1, Math.floor(this.height / ROW) - 1);
  }

  paint(scene: Scene, now: "instantly" | "later"): void {
    const frame: Frame = { ...scene, width: this.width, height: this.height, offset: this.offset };
    this.frame = frame;
    const rows = this.sheet.open(this.width, this.height);
    if (rows !== null) paintRows(rows, frame);
    const axis = this.axisSheet.open(this.width, HEAD);
    if (axis !== null) paintAxis(axis, frame);
    this.empty.hidden = frame.model.count > 0;
    const cursor = frame.model.indexOf(frame.model.cursor);
    this.focus.hidden = cursor < 0;
    this.focus.toggleAttribute("data-focused", document.activeElement === this.scroller);
    this.focus.style.transform = `translateY(${cursor * ROW - this.offset}px)`;
    this.point();
    const seenRows = () => {
      const [first, last] = seen({ model: frame.model, offset: this.offset, height: this.height });
      return { first, last, offset: this.offset };
    };
    if (now === "instantly") this.mirror.now(seenRows());
    else this.mirror.later(seenRows);
  }

  private at(x: number, y: number): Hit | null {
    return this.frame === null ? null : hit({ ...this.frame, offset: this.offset }, x, y);
  }

  /** Shows what is under the pointer. */
  private point(): void {
    const found = this.pointer === null ? null : this.at(this.pointer.x, this.pointer.y);
    this.hover.hidden = found === null;
    this.scroller.dataset.at = found?.part ?? "";
    if (found === null || this.pointer === null) {
      this.tooltip.hide();
      return;
    }
    this.hover.style.transform = `translateY(${found.index * ROW - this.offset}px)`;
    const item = this.what.model.item(found.index);
    const top = this.body.offsetTop;
    const bounds = { width: this.width, height: top + this.height };
    this.tooltip.show(item, () => describe(this.what, item), this.pointer.x, this.pointer.y + top, bounds);
  }

  private listen(): void {
    const { scroller } = this;
    scroller.addEventListener("scroll", () => {
      const expected = scrollTopOf(this.offset, this.size);
      // A scaled scrollbar stands for thousands of rows a pixel: only the reader's own move of it counts.
      if (Math.abs(scroller.scrollTop - expected) >= 1) this.offset = offsetOf(scroller.scrollTop, this.size);
      this.events.scrolled();
    });
    scroller.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.head.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    scroller.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return;
      this.pointer = this.place(event);
      this.point();
    });
    scroller.addEventListener("pointerleave", () => {
      this.pointer = null;
      this.point();
    });
    scroller.addEventListener("click", (event) => {
      const { x, y } = this.place(event);
      const found = this.at(x, y);
      if (found === null) return;
      const item = this.what.model.item(found.index);
      if (found.part === "twisty") this.events.toggle(item);
      else this.events.choose(item);
    });
    scroller.addEventListener("dblclick", (event) => {
      const { x, y } = this.place(event);
      const found = this.at(x, y);
      if (found?.part === "chart") this.events.zoomToItem(this.what.model.item(found.index));
    });
    scroller.addEventListener("focus", () => this.events.scrolled());
    scroller.addEventListener("blur", () => this.events.scrolled());
  }

  private place(event: MouseEvent): { x: number; y: number } {
    const box = this.body.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private wheel(event: WheelEvent): void {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const chart = this.frame === null ? 0 : this.place(event).x - chartLeft(this.frame.tree);
      this.events.zoom(chart, Math.exp(Math.max(-0.5, Math.min(0.5, dy * 0.004))));
    } else if (event.shiftKey || Math.abs(dx) > Math.abs(dy)) {
      event.preventDefault();
      this.events.pan(dx === 0 ? dy : dx);
    } else if (isScaled(this.size)) {
      event.preventDefault();
      this.scrollTo(this.offset + dy);
      this.events.scrolled();
    }
  }

  destroy(): void {
    this.mirror.destroy();
  }
}
