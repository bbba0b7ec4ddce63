// What a row is called: a chip for what it is, who works, and what is done, with nothing in it that acts on a reader.
import { visible } from "../text/visible";
import { type Actors, actorOf } from "./actors";
import { at, KIND, type TimelineData } from "./data";

export interface Label {
  /** The method of a call, else what kind of span it is; empty for a plain one. */
  chip: string;
  /** Who works; empty for the test's own spans. */
  actor: string;
  title: string;
}

const KIND_CHIPS: Record<number, string> = {
  [KIND.attempt]: "test",
  [KIND.fixture]: "fixture",
  [KIND.hook]: "hook",
  [KIND.step]: "step",
  [KIND.server]: "serves",
};

/** A title longer than this is cut before it is measured. */
const LONGEST = 400;

interface Name {
  method: string;
  title: string;
}

/** Labels of rows; each text of the dictionary is made fit once. */
export class Labels {
  private readonly names: (Name | undefined)[];
  private readonly actorNames: string[];

  constructor(
    private readonly data: TimelineData,
    private readonly actors: Actors,
  ) {
    this.names = new Array(data.names.length);
    this.actorNames = actors.names.map((name) => visible(name.slice(0, LONGEST)));
  }

  private name(index: number): Name {
    const known = this.names[index];
    if (known !== undefined) return known;
    const text = visible((this.data.names[index] ?? "").slice(0, LONGEST)).replace(/\s+/g, " ");
    const parts = /^([A-Z]{3,8})(?: (.*))?$/.exec(text);
    const name = parts === null ? { method: "", title: text } : { method: parts[1] ?? "", title: parts[2] ?? "" };
    this.names[index] = name;
    return name;
  }

  of(row: number): Label {
    const { kind, name } = this.data.columns;
    const { method, title } = this.name(at(name, row));
    const what = at(kind, row);
    const whole = method === "" ? title : `${method} ${title}`.trim();
    if (what === KIND.exchange) return { chip: method, actor: this.actor(row), title };
    const chip = KIND_CHIPS[what] ?? "";
    return { chip, actor: what === KIND.server ? this.actor(row) : "", title: whole };
  }

  actor(row: number): string {
    return this.actorNames[actorOf(this.data, this.actors, row)] ?? "";
  }
}

type Measure = (text: string) => number;

const ELLIPSIS = "…";

/** The longest beginning or, for a path, beginning and end of a text that fits. */
export function fit(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) return text;
  // The end of a path says more than its middle.
  const slash = text.startsWith("/") ? text.lastIndexOf("/") : -1;
  const tail = slash > 0 && text.length - slash <= 24 ? text.slice(slash) : "";
  const withTail = tail === "" ? null : longest(text.slice(0, slash), tail, width, measure);
  if (withTail !== null) return withTail;
  return longest(text, "", width, measure) ?? "";
}

function longest(head: string, tail: string, width: number, measure: Measure): string | null {
  let [least, most] = [0, head.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (measure(head.slice(0, middle) + ELLIPSIS + tail) <= width) least = middle;
    else most = middle - 1;
  }
  if (least === 0) return null;
  // Half of a surrogate pair would be drawn as a box.
  const cut = /[\ud800-\udbff]$/.test(head.slice(0, least)) ? least - 1 : least;
  return head.slice(0, cut) + ELLIPSIS + tail;
}

/** How many widths and cuts are remembered, for each face. */
const REMEMBERED = 20_000;

/** Widths of texts in one face, each measured once. */
export class Ruler {
  private readonly widths = new Map<string, number>();
  private readonly cuts = new Map<string, string>();

  constructor(private readonly measured: Measure) {}

  readonly width = (text: string): number => {
    const known = this.widths.get(text);
    if (known !== undefined) return known;
    if (this.widths.size >= REMEMBERED) this.widths.clear();
    const width = this.measured(text);
    this.widths.set(text, width);
    return width;
  };

  fit(text: string, width: number): string {
    if (this.width(text) <= width) return text;
    const key = `${Math.floor(width)} ${text}`;
    const known = this.cuts.get(key);
    if (known !== undefined) return known;
    if (this.cuts.size >= REMEMBERED) this.cuts.clear();
    const cut = fit(text, Math.floor(width), this.measured);
    this.cuts.set(key, cut);
    return cut;
  }
}
