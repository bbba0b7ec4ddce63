// Which try of a call a row is: rows of one group, by start.
import { at, type TimelineData } from "./data";

export interface Tries {
  /** The number of the try, from 1; 0 for a call that was made once. */
  number: Uint32Array;
  /** How many there are, by group. */
  of: Uint32Array;
}

/** Numbers the tries of each group. Rows come by start within a parent, which is where tries are. */
export function triesOf(data: TimelineData): Tries {
  const { group } = data.columns;
  const number = new Uint32Array(data.rows);
  const of = new Uint32Array(data.rows + 1);
  for (let row = 0; row < data.rows; row += 1) {
    const which = at(group, row);
    // A group's number is at most the number of rows.
    if (which === 0 || which > data.rows) continue;
    of[which] = at(of, which) + 1;
    number[row] = at(of, which);
  }
  return { number, of };
}

/** `↻ 2/3`, or nothing. */
export function tryNote(data: TimelineData, tries: Tries, row: number): string {
  const which = at(data.columns.group, row);
  const all = which > data.rows ? 0 : at(tries.of, which);
  return all < 2 ? "" : `↻ ${at(tries.number, row)}/${all}`;
}
