// The search parameters of each page: the whole state of a view, so that a reload or a copied link shows the same.
// Values are plain texts in the address; anything that is not understood is left out.

export const VIEWS = ["timeline", "graph", "exchanges", "logs"] as const;
export type View = (typeof VIEWS)[number];

export const TABS = ["response", "request", "timing", "facts", "logs"] as const;
export type Tab = (typeof TABS)[number];

/** A stretch of a recording's axis, in milliseconds from its start. */
export interface Stretch {
  from: number;
  to: number;
}

export interface RecordingSearch {
  view?: View;
  span?: string;
  tab?: Tab;
  /** The stretch of time shown, as `from-to` in milliseconds. */
  t?: string;
  /** The filter. */
  q?: string;
}

export const RUN_STATUSES = ["failed", "flaky", "passed", "skipped", "unfinished"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export interface RunSearch {
  q?: string;
  status?: RunStatus;
}

export const TEST_ORDERS = ["failed", "flaky", "name"] as const;
/** What the list of tests begins with: those that failed most, those that are flaky most often, or the first by name. */
export type TestOrder = (typeof TEST_ORDERS)[number];

export interface TestsSearch {
  q?: string;
  /** Only flaky ones. */
  flaky?: "true";
  sort?: TestOrder;
}

/** Of a page that has a filter and nothing else. */
export interface FilterSearch {
  q?: string;
}

type Raw = Record<string, unknown>;

function oneOf<T extends string>(allowed: readonly T[], value: unknown): T | undefined {
  return allowed.find((candidate) => candidate === value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function recordingSearch(raw: Raw): RecordingSearch {
  const t = text(raw.t);
  return {
    view: oneOf(VIEWS, raw.view),
    span: text(raw.span),
    tab: oneOf(TABS, raw.tab),
    t: t !== undefined && parseStretch(t) !== null ? t : undefined,
    q: text(raw.q),
  };
}

export function runSearch(raw: Raw): RunSearch {
  return { q: text(raw.q), status: oneOf(RUN_STATUSES, raw.status) };
}

export function testsSearch(raw: Raw): TestsSearch {
  return { q: text(raw.q), flaky: oneOf(["true"] as const, raw.flaky), sort: oneOf(TEST_ORDERS, raw.sort) };
}

export function filterSearch(raw: Raw): FilterSearch {
  return { q: text(raw.q) };
}

/** Reads `from-to`; null when it is not a stretch. */
export function parseStretch(value: string | undefined): Stretch | null {
  const match = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(value ?? "");
  if (match === null) return null;
  const [from, to] = [Number(match[1]), Number(match[2])];
  return from < to ? { from, to } : null;
}

/** Writes a stretch, to the microsecond. */
export function writeStretch(stretch: Stretch | null): string | undefined {
  const number = (ms: number) => String(Math.max(0, Math.round(ms * 1000) / 1000));
  return stretch === null ? undefined : `${number(stretch.from)}-${number(stretch.to)}`;
}

/** Texts as they are: the router's own way would read a span id of digits as a number, and round it. */
export function parseSearch(search: string): Raw {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(search: Raw): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value !== undefined && value !== null) parameters.set(key, String(value));
  }
  const written = parameters.toString();
  return written === "" ? "" : `?${written}`;
}
