// Moves the selection through the rows of a list by key.
import { useKeys } from "../../keyboard/keys";

interface Rows {
  /** The ids of the rows, in order; null for one that cannot be selected. */
  ids: (string | null)[];
  selected: string | null;
  select: (id: string) => void;
  /** Brings a row into view. */
  reveal: (index: number) => void;
}

export function useRows({ ids, selected, select, reveal }: Rows): void {
  const go = (from: number, by: 1 | -1) => {
    for (let at = from; at >= 0 && at < ids.length; at += by) {
      const id = ids[at];
      if (id === null || id === undefined || id === selected) continue;
      select(id);
      reveal(at);
      return;
    }
  };
  const at = selected === null ? -1 : ids.indexOf(selected);
  const next = () => go(at + 1, 1);
  const previous = () => go(at < 0 ? ids.length - 1 : at - 1, -1);
  useKeys({
    j: next,
    ArrowDown: next,
    k: previous,
    ArrowUp: previous,
    Home: () => go(0, 1),
    End: () => go(ids.length - 1, -1),
  });
}
