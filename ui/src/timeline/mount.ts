// Puts a timeline into an element and keeps it there.
import { spanId, type TimelineData, toMillis, toUnits } from "./data";
import { element, onDrag } from "./dom/elements";
import { Legend } from "./dom/legend";
import { OverviewPanel } from "./dom/overview-panel";
import { RowsPanel } from "./dom/rows-panel";
import styles from "./dom/timeline.module.css";
import type { Span } from "./idle";
import { Labels, Ruler } from "./labels";
import { keep, type Memory, recall, remember } from "./memory";
import { NOTHING } from "./model";
import { chartWidth, FACES, type Face, type LogTick } from "./paint/frame";
import { culpritRow } from "./paint/rows";
import { fontOf } from "./paint/text";
import { type Palette, readPalette } from "./palette";
import { press } from "./press";
import { triesOf } from "./tries";

/** A stretch of the axis, in milliseconds from the start of the attempt. */
export interface Window {
  from: number;
  to: number;
}

/** A log record, in milliseconds from the start of the attempt. */
export interface LogMoment {
  at: number;
  level: LogTick["level"];
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
  /** What was logged, for the axis. */
  log?: readonly LogMoment[];
}

export interface TimelineHandle {
  /** Takes over what changed. */
  update: (options: Partial<TimelineOptions>) => void;
  /** Acts on one of `TIMELINE_KEYS`. */
  press: (event: KeyboardEvent) => void;
  destroy: () => void;
}

/** The page hears of a new window when it has been still for so long: an address is not for every frame. */
const SETTLED_MS = 200;
/** Windows that differ by less are the same: the address has them to the microsecond. */
const SAME_MS = 0.01;
const TREE_SHARE = 0.42;
/** On a page narrower than this the names need the greater part. */
const NARROW_PX = 560;
const NARROW_SHARE = 0.6;

function same(a: Window | null, b: Window | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a.from - b.from) < SAME_MS && Math.abs(a.to - b.to) < SAME_MS;
}

class Timeline implements TimelineHandle {
  private readonly memory: Memory;
  private readonly root = element("div", styles.timeline);
  private readonly divider = element("div", styles.divider, {
    role: "separator",
    tabindex: "0",
    "aria-orientation": "vertical",
    "aria-label": "Width of the tree",
    "aria-valuemin": "15",
    "aria-valuemax": "80",
  });
  private readonly labels: Labels;
  private readonly rowsPanel: RowsPanel;
  private readonly overviewPanel: OverviewPanel;
  private readonly legend: Legend;
  private readonly tries;
  private readonly rulers: Record<Face, Ruler>;
  private readonly resizes: ResizeObserver;
  private readonly forcedColours = matchMedia("(forced-colors: active)");
  private readonly readAgain = () => this.repaint();
  private palette: Palette;
  private treeShare = recall("tree", TREE_SHARE, 0.15, 0.8);
  private frame = 0;
  private settle = 0;
  /** The selection that the page has. */
  private selected: string | null;
  private log: LogTick[] = [];
  private culprit = NOTHING;
  private instantly = true;
  private overviewDirty = true;
  private paintedWidth = -1;

  constructor(
    private readonly host: HTMLElement,
    private readonly data: TimelineData,
    private options: TimelineOptions,
  ) {
    this.memory = remember(data);
    const { model } = this.memory;
    this.palette = readPalette(host);
    this.rulers = rulersFor(this.palette);
    this.labels = new Labels(data, model.actors);
    this.tries = triesOf(data);
    const what = { model, labels: this.labels, tries: this.tries };
    this.rowsPanel = new RowsPanel(what, {
      choose: (item) => this.choose(item),
      toggle: (item) => this.toggle(item),
      zoomToItem: (item) => this.windowed(() => model.zoomToItem(item)),
      zoom: (x, factor) => this.windowed(() => model.zoom(this.axis(), x, factor)),
      pan: (px) => this.windowed(() => model.pan(this.axis(), px)),
      scrolled: () => this.paintLater(),
    });
    this.overviewPanel = new OverviewPanel(
      model,
      (window: Span) => this.windowed(() => model.setWindow(window)),
      () => {
        this.overviewDirty = true;
        this.paintLater();
      },
    );
    this.legend = new Legend(model, {
      collapse: () => this.reordered(() => model.collapseBelow(1)),
      expand: () => this.reordered(() => model.collapseBelow(Number.POSITIVE_INFINITY)),
      compress: () => this.compress(),
    });
    this.assemble();
    this.selected = options.selected;
    model.filter(options.query);
    model.select(options.selected);
    // A window that the page has not heard of yet is not lost because the page put a new element here.
    if (same(options.window, this.memory.told)) this.tellLater();
    else this.adoptWindow(options.window);
    this.adoptMarks();
    this.resizes = new ResizeObserver(() => this.paintNow());
    this.start();
  }

  private assemble(): void {
    const { overviewPanel, rowsPanel } = this;
    rowsPanel.head.append(this.legend.element);
    const lower = element("div", styles.lower);
    lower.append(rowsPanel.head, rowsPanel.body, this.divider, rowsPanel.tooltip.element);
    this.root.append(overviewPanel.element, overviewPanel.resizer, lower);
    this.root.addEventListener("focusin", () => {
      this.memory.hadFocus = true;
    });
    // Taking a focused element away is no choice of the reader: only a focus that went elsewhere is gone.
    this.root.addEventListener("focusout", () =>
      queueMicrotask(() => {
        if (this.root.isConnected) this.memory.hadFocus = this.root.contains(document.activeElement);
      }),
    );
    onDrag(this.divider, () => {
      const { left, width } = lower.getBoundingClientRect();
      return (moved) => this.setTree((moved.clientX - left) / width);
    });
    this.divider.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -0.02, ArrowRight: 0.02 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      this.setTree(this.treeShare + step);
    });
  }

  private start(): void {
    const { memory, rowsPanel } = this;
    this.host.append(this.root);
    rowsPanel.measure();
    rowsPanel.scrollTo(memory.offset);
    const { model, stage } = memory;
    // Who looks for the first time, and at nothing in particular, sees the culprit. More of what is in view moves nothing.
    const shown = model.cursor >= 0 ? model.cursor : stage === "first" ? this.culprit : NOTHING;
    if (stage !== "more") rowsPanel.reveal(model.indexOf(shown));
    memory.stage = "again";
    if (memory.hadFocus) rowsPanel.scroller.focus({ preventScroll: true });
    this.paintNow();
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("flakescope:painted")));
    this.resizes.observe(this.root);
    this.forcedColours.addEventListener("change", this.readAgain);
  }

  // What the page says

  update(changed: Partial<TimelineOptions>): void {
    const before = this.options;
    this.options = { ...before, ...changed };
    const { theme, query, selected, window, culprit, log } = this.options;
    const { model } = this.memory;
    if (theme !== before.theme) this.repaint();
    if (query !== before.query) this.reordered(() => model.filter(query));
    if (selected !== this.selected) {
      this.selected = selected;
      if (model.select(selected)) this.showCursor();
    }
    if (!same(window, this.memory.told)) this.adoptWindow(window);
    if (culprit !== before.culprit || log !== before.log) this.adoptMarks();
  }

  private adoptWindow(window: Window | null): void {
    const { model } = this.memory;
    this.memory.told = window;
    clearTimeout(this.settle);
    if (window === null) model.setWindow(model.whole);
    else model.setWindow({ from: toUnits(this.data, window.from), to: toUnits(this.data, window.to) });
    this.paintLater();
  }

  private adoptMarks(): void {
    const { culprit, log } = this.options;
    this.culprit = culpritRow(this.memory, culprit);
    this.log = (log ?? []).map(({ at, level }) => ({ at: toUnits(this.data, at), level }));
    this.overviewDirty = true;
    this.paintLater();
  }

  /** Reads the colours again. */
  private repaint(): void {
    this.palette = readPalette(this.host);
    this.overviewDirty = true;
    this.paintLater();
  }

  // What the reader does

  press(event: KeyboardEvent): void {
    const { model } = this.memory;
    press(event, {
      model,
      page: this.rowsPanel.page,
      axis: () => this.axis(),
      choose: (item) => this.choose(item),
      toggle: (item) => this.toggle(item),
      windowed: (change) => this.windowed(change),
      compress: () => this.compress(),
      goTo: (row) => {
        if (model.select(spanId(this.data, row))) this.showCursor();
        this.choose(row);
      },
    });
  }

  private choose(item: number): void {
    const { model } = this.memory;
    if (item < 0) return;
    model.cursor = item;
    this.showCursor();
    const span = spanId(this.data, model.rowFor(item));
    if (span === this.selected) return;
    this.selected = span;
    this.options.onSelect(span);
  }

  private toggle(item: number): void {
    const { model } = this.memory;
    const open = model.isOpen(item);
    if (open !== undefined) this.reordered(() => model.setOpen(item, !open));
  }

  private compress(): void {
    this.memory.model.compressed = !this.memory.model.compressed;
    this.overviewDirty = true;
    this.paintLater();
  }

  private windowed(change: () => void): void {
    change();
    this.paintLater();
    this.tellLater();
  }

  private tellLater(): void {
    clearTimeout(this.settle);
    this.settle = window.setTimeout(() => this.tellWindow(), SETTLED_MS);
  }

  private tellWindow(): void {
    const { model } = this.memory;
    const { from, to } = model.window;
    const told = model.isWhole ? null : { from: toMillis(this.data, from), to: toMillis(this.data, to) };
    if (same(told, this.memory.told)) return;
    this.memory.told = told;
    this.options.onWindow(told);
  }

  private reordered(change: () => void): void {
    const start = performance.now();
    change();
    performance.measure("flakescope:reorder", { start });
    this.rowsPanel.measure();
    this.rowsPanel.scrollTo(this.rowsPanel.offset);
    this.instantly = true;
    this.paintLater();
  }

  private showCursor(): void {
    const { model } = this.memory;
    this.rowsPanel.reveal(model.indexOf(model.cursor));
    this.instantly = true;
    this.paintLater();
  }

  private setTree(share: number): void {
    this.treeShare = Math.min(0.8, Math.max(0.15, share));
    keep("tree", this.treeShare);
    this.paintLater();
  }

  // Painting

  private tree(width: number): number {
    const share = width < NARROW_PX ? Math.max(NARROW_SHARE, this.treeShare) : this.treeShare;
    return Math.round(Math.max(120, Math.min(width - 120, width * share)));
  }

  private axis() {
    const width = this.rowsPanel.measure();
    return this.memory.model.axis(chartWidth(width, this.tree(width)));
  }

  private paintLater(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.paintNow());
  }

  private paintNow(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { memory, rowsPanel, overviewPanel, palette, labels, tries, rulers, culprit, log } = this;
    const width = rowsPanel.measure();
    const full = this.root.clientWidth;
    const tree = this.tree(width);
    memory.offset = rowsPanel.offset;
    this.legend.update(tree);
    this.divider.style.left = `${tree}px`;
    this.divider.setAttribute("aria-valuenow", String(Math.round(this.treeShare * 100)));
    if (this.overviewDirty || full !== this.paintedWidth) {
      overviewPanel.paint(palette, full, culprit);
      this.overviewDirty = false;
      this.paintedWidth = full;
    }
    overviewPanel.place(full);
    const axis = memory.model.axis(chartWidth(width, tree));
    const scene = { model: memory.model, labels, tries, palette, rulers, axis, tree, culprit, log };
    rowsPanel.paint(scene, this.instantly ? "instantly" : "later");
    this.instantly = false;
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.settle);
    this.resizes.disconnect();
    this.forcedColours.removeEventListener("change", this.readAgain);
    this.rowsPanel.destroy();
    this.root.remove();
  }
}

/** Rulers that measure with a canvas of their own. */
function rulersFor(palette: Palette): Record<Face, Ruler> {
  const pen = document.createElement("canvas").getContext("2d");
  const ruler = (face: Face) =>
    new Ruler((text) => {
      if (pen === null) return text.length * 7;
      pen.font = fontOf(face, palette);
      return pen.measureText(text).width;
    });
  return Object.fromEntries(FACES.map((face) => [face, ruler(face)])) as Record<Face, Ruler>;
}

/** Shows `data` in `host`, which must have a size of its own. */
export function mountTimeline(host: HTMLElement, data: TimelineData, options: TimelineOptions): TimelineHandle {
  const start = performance.now();
  const timeline = new Timeline(host, data, options);
  performance.measure("flakescope:mount", { start });
  return timeline;
}
