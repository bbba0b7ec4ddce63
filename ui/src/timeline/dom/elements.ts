// Small helpers for elements and canvases.

/** An element with a class and attributes. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string | undefined,
  attributes: Record<string, string> = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== undefined) made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** A canvas whose pen counts in CSS pixels, sharp on every screen. */
export class Sheet {
  readonly canvas: HTMLCanvasElement;
  private readonly pen: CanvasRenderingContext2D | null;
  private scale = 0;
  private size = [0, 0];

  constructor(className: string | undefined) {
    this.canvas = element("canvas", className, { "aria-hidden": "true" });
    this.pen = this.canvas.getContext("2d", { alpha: false, desynchronized: true });
  }

  /** Gives the pen for a frame of this size; null where there is no canvas to paint on. */
  open(width: number, height: number): CanvasRenderingContext2D | null {
    const scale = devicePixelRatio || 1;
    if (scale !== this.scale || width !== this.size[0] || height !== this.size[1]) {
      this.canvas.width = Math.max(1, Math.round(width * scale));
      this.canvas.height = Math.max(1, Math.round(height * scale));
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
      this.scale = scale;
      this.size = [width, height];
    }
    this.pen?.setTransform(scale, 0, 0, scale, 0, 0);
    return this.pen;
  }
}

/** Follows a pointer from its press to its release. */
export function onDrag(
  target: HTMLElement,
  start: (event: PointerEvent) => ((event: PointerEvent, done: boolean) => void) | null,
): void {
  target.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const follow = start(event);
    if (follow === null) return;
    target.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent) => follow(moved, false);
    const stop = (moved: PointerEvent) => {
      target.removeEventListener("pointermove", move);
      target.removeEventListener("pointerup", stop);
      target.removeEventListener("pointercancel", stop);
      follow(moved, true);
    };
    target.addEventListener("pointermove", move);
    target.addEventListener("pointerup", stop);
    target.addEventListener("pointercancel", stop);
  });
}
