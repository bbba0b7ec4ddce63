// What the keys do in a timeline.
import type { Axis } from "./axis";
import type { Model } from "./model";

/** The keys (`event.key`) that a timeline acts on. */
export const TIMELINE_KEYS = [
  "j",
  "k",
  "ArrowDown",
  "ArrowUp",
  "ArrowLeft",
  "ArrowRight",
  "Home",
  "End",
  "PageDown",
  "PageUp",
  "e",
  "E",
  "w",
  "x",
  "a",
  "d",
  "z",
  "i",
  "0",
] as const;

/** What a key can change. */
export interface Board {
  model: Model;
  /** How many rows are a page. */
  page: number;
  axis: () => Axis;
  choose: (item: number) => void;
  toggle: (item: number) => void;
  windowed: (change: () => void) => void;
  compress: () => void;
  /** Shows a row, whatever hides it. */
  goTo: (row: number) => void;
}

const ZOOM_STEP = 1.5;
const PAN_SHARE = 0.15;

/** Closes what is open, else goes up. */
function left({ model, choose, toggle }: Board, up: boolean): void {
  if (model.cursor < 0) return;
  if (!up && model.isOpen(model.cursor) === true) toggle(model.cursor);
  else choose(model.above(model.cursor));
}

/** Opens what is closed, else goes to the first row in it. */
function right({ model, choose, toggle }: Board): void {
  const open = model.cursor < 0 ? undefined : model.isOpen(model.cursor);
  if (open === false) toggle(model.cursor);
  else if (open === true) choose(model.step(1));
}

function failure({ model, goTo }: Board, by: 1 | -1): void {
  const row = model.failure(by);
  if (row >= 0) goTo(row);
}

/** Acts on one of `TIMELINE_KEYS`. */
export function press(event: Pick<KeyboardEvent, "key" | "shiftKey">, board: Board): void {
  const { model, page, axis, choose, windowed, compress } = board;
  const zoom = (factor: number) => windowed(() => model.zoom(axis(), axis().width / 2, factor));
  const pan = (share: number) => windowed(() => model.pan(axis(), axis().width * share));
  const actions: Record<(typeof TIMELINE_KEYS)[number], () => void> = {
    j: () => choose(model.step(1)),
    k: () => choose(model.step(-1)),
    ArrowDown: () => choose(model.step(1)),
    ArrowUp: () => choose(model.step(-1)),
    ArrowLeft: () => left(board, event.shiftKey),
    ArrowRight: () => right(board),
    Home: () => choose(model.item(0)),
    End: () => choose(model.item(model.count - 1)),
    PageDown: () => choose(model.step(page)),
    PageUp: () => choose(model.step(-page)),
    e: () => failure(board, 1),
    E: () => failure(board, -1),
    w: () => zoom(1 / ZOOM_STEP),
    x: () => zoom(ZOOM_STEP),
    a: () => pan(-PAN_SHARE),
    d: () => pan(PAN_SHARE),
    z: () => model.cursor >= 0 && windowed(() => model.zoomToItem(model.cursor)),
    i: compress,
    "0": () => windowed(() => model.setWindow(model.whole)),
  };
  actions[event.key as (typeof TIMELINE_KEYS)[number]]?.();
}
