// The rows that are shown, from top to bottom: what is collapsed, folded or filtered away is left out.
import { at, NONE, type TimelineData } from "./data";
import type { Folds } from "./folds";

/** An item of the order with this bit is a fold, the rest of it the fold's number; without it is a row. */
export const FOLD_BIT = 0x8000_0000;

export function isFold(item: number): boolean {
  return item >= FOLD_BIT;
}

export function foldOf(item: number): number {
  return item - FOLD_BIT;
}

export interface Order {
  items: Uint32Array;
  /** How deep each item is shown: members of an open fold are one deeper than their siblings. */
  depths: Uint16Array;
  /** Where each row is in `items`; `NONE` for one that is not shown. */
  place: Uint32Array;
  /** The same for folds. */
  foldPlace: Uint32Array;
}

/** What the reader opened and closed. */
export interface Openness {
  /** 1 for rows whose subtree is hidden. */
  collapsed: Uint8Array;
  /** 1 for folds whose members are shown. */
  opened: Uint8Array;
}

/** The shown rows of a filtered timeline: 0 hidden, 1 an ancestor of a match, 2 a match. */
export type Kept = Uint8Array;

/** A part of the rows that is still to be put into the order. */
interface Stretch {
  row: number;
  last: number;
  /** How many open folds are around it. */
  deeper: number;
  /** The first row is a member of the fold that was just put, and must not ask for it again. */
  isMember: boolean;
}

class Builder {
  private count = 0;
  private readonly order: Order;

  constructor(
    private readonly data: TimelineData,
    private readonly folds: Folds,
    private readonly openness: Openness,
  ) {
    const most = data.rows + folds.members.length;
    this.order = {
      items: new Uint32Array(most),
      depths: new Uint16Array(most),
      place: new Uint32Array(data.rows).fill(NONE),
      foldPlace: new Uint32Array(folds.members.length).fill(NONE),
    };
  }

  private push(item: number, depth: number): void {
    this.order.items[this.count] = item;
    this.order.depths[this.count] = depth;
    this.count += 1;
  }

  done(): Order {
    const { items, depths } = this.order;
    return { ...this.order, items: items.subarray(0, this.count), depths: depths.subarray(0, this.count) };
  }

  /** Not recursive: traces may be as deep as they are long. */
  walk(): Order {
    const { end, depth } = this.data.columns;
    const { collapsed } = this.openness;
    const stack: Stretch[] = [{ row: 0, last: this.data.rows, deeper: 0, isMember: false }];
    for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
      const { last, deeper } = part;
      let { row, isMember } = part;
      while (row < last) {
        const fold = isMember ? 0 : at(this.folds.of, row);
        isMember = false;
        if (fold === 0) {
          this.order.place[row] = this.count;
          this.push(row, at(depth, row) + deeper);
          row = collapsed[row] === 1 ? at(end, row) : row + 1;
          continue;
        }
        const members = this.putFold(fold - 1, at(depth, row) + deeper);
        row = at(end, row);
        if (members === null) continue;
        stack.push({ row, last, deeper, isMember: false });
        for (let index = members.length - 1; index >= 0; index -= 1) {
          const member = at(members, index);
          stack.push({ row: member, last: at(end, member), deeper: deeper + 1, isMember: true });
        }
        break;
      }
    }
    return this.done();
  }

  /** Puts a fold where its first member is. Gives the members when they are to follow. */
  private putFold(fold: number, depth: number): Uint32Array | null {
    if (this.order.foldPlace[fold] !== NONE) return null;
    this.order.foldPlace[fold] = this.count;
    this.push(FOLD_BIT + fold, depth);
    return this.openness.opened[fold] === 1 ? (this.folds.members[fold] ?? null) : null;
  }

  /** While a filter is on, everything that it keeps is shown, whatever is collapsed or folded. */
  filtered(kept: Kept): Order {
    const { rows, columns } = this.data;
    const { items, depths, place } = this.order;
    let count = 0;
    for (let row = 0; row < rows; row += 1) {
      if (kept[row] === 0) continue;
      place[row] = count;
      items[count] = row;
      depths[count] = columns.depth[row] as number;
      count += 1;
    }
    this.count = count;
    return this.done();
  }
}

/** The order of what is shown. */
export function visibleOrder(data: TimelineData, folds: Folds, openness: Openness, kept: Kept | null): Order {
  const builder = new Builder(data, folds, openness);
  return kept === null ? builder.walk() : builder.filtered(kept);
}

/** Opens whatever hides a row. Gives whether anything had to be opened. */
export function reveal(data: TimelineData, folds: Folds, openness: Openness, row: number): boolean {
  let changed = false;
  const open = (member: number) => {
    const fold = at(folds.of, member);
    if (fold === 0 || openness.opened[fold - 1] === 1) return;
    openness.opened[fold - 1] = 1;
    changed = true;
  };
  open(row);
  for (let up = at(data.columns.parent, row); up !== NONE; up = at(data.columns.parent, up)) {
    open(up);
    if (openness.collapsed[up] === 1) {
      openness.collapsed[up] = 0;
      changed = true;
    }
  }
  return changed;
}
