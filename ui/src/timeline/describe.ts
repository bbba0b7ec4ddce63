// A row in words, for the tooltip and for those who do not see the canvas.
import { duration, offset } from "../text/format";
import { at, FLAG, hasFlag, NONE, toMillis } from "./data";
import type { Labels } from "./labels";
import type { Model } from "./model";
import { isFold } from "./order";
import { outcomeOf } from "./paint/tree";
import type { Tries } from "./tries";

export interface Description {
  /** What is done and by whom, whole. */
  title: string;
  status: string;
  start: string;
  length: string;
  /** What else is to be said: failed, culprit, mocked … */
  notes: string[];
}

export interface Describing {
  model: Model;
  labels: Labels;
  tries: Tries;
}

const REMARKS: [number, string][] = [
  [FLAG.culprit, "the verdict holds the failure against it"],
  [FLAG.failed, "failed"],
  [FLAG.neverEnded, "never ended"],
  [FLAG.mocked, "mocked"],
  [FLAG.cited, "cited by the verdict"],
  [FLAG.parentMissing, "its parent never arrived"],
];

function titleOf({ model, labels }: Describing, item: number): string {
  const row = isFold(item) ? at(model.membersOf(item), 0) : item;
  const { chip, actor, title } = labels.of(row);
  const times = isFold(item) ? ` ×${model.membersOf(item).length}` : "";
  return [chip, actor, title].filter((part) => part !== "").join(" ") + times;
}

/** An item in words. */
export function describe(what: Describing, item: number): Description {
  const { model } = what;
  const { data } = model;
  const { from, to } = model.spanOf(item);
  const ended = isFold(item) || at(data.columns.duration, item) !== NONE;
  const { status, note, failed } = outcomeOf(what, item);
  const notes = isFold(item)
    ? [failed ? "with failures" : ""]
    : [...REMARKS.filter(([flag]) => hasFlag(data, item, flag)).map(([, remark]) => remark), note.replace("↻", "try")];
  return {
    title: titleOf(what, item),
    status: status.replace("✗", "failed"),
    start: offset(toMillis(data, from)),
    length: ended ? duration(((to - from) * data.unitNs) / 1e6) : "never ended",
    notes: [...new Set(notes.filter((remark) => remark !== ""))],
  };
}
