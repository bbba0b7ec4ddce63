import { describe, expect, it } from "vitest";
import { FLAG, KIND, type TimelineData } from "../timeline";
import { tries } from "./calls";
import { nextFailure } from "./failures";

interface Row {
  start: number;
  failed?: boolean;
  kind?: number;
  group?: number;
}

/** Rows whose span ids are their numbers. */
function timeline(rows: Row[]): TimelineData {
  return {
    rows: rows.length,
    columns: {
      id: Uint32Array.from(rows.flatMap((_, row) => [0, row])),
      start: Uint32Array.from(rows.map((row) => row.start)),
      kind: Uint8Array.from(rows.map((row) => row.kind ?? KIND.exchange)),
      flags: Uint16Array.from(rows.map((row) => (row.failed ? FLAG.failed : 0))),
      group: Uint32Array.from(rows.map((row) => row.group ?? 0)),
    },
  } as unknown as TimelineData;
}

const id = (row: number) => row.toString(16).padStart(16, "0");

describe("the next failed call", () => {
  const data = timeline([
    { start: 0, failed: true, kind: KIND.attempt },
    { start: 50, failed: true },
    { start: 10 },
    { start: 20, failed: true },
    { start: 20, failed: true },
  ]);
  it.each([
    [null, 1, id(3)],
    [id(3), 1, id(4)],
    [id(4), 1, id(1)],
    [id(1), 1, id(3)],
    [id(2), 1, id(3)],
    [null, -1, id(1)],
    [id(1), -1, id(4)],
    [id(3), -1, id(1)],
    ["ffffffffffffffff", 1, id(3)],
  ] as const)("from %j by %j", (span, by, expected) => expect(nextFailure(data, span, by)).toBe(expected));

  it("is none where none failed, and itself where it is the only one", () => {
    expect(nextFailure(timeline([{ start: 0 }]), null, 1)).toBeNull();
    expect(nextFailure(timeline([{ start: 0, failed: true }]), id(0), 1)).toBe(id(0));
  });
});

describe("tries", () => {
  it("numbers the calls of a group by start", () => {
    const found = tries(
      timeline([{ start: 9, group: 1 }, { start: 3, group: 1 }, { start: 4, group: 2 }, { start: 5 }]),
    );
    expect([...found].sort()).toEqual([
      [id(0), { number: 2, of: 2 }],
      [id(1), { number: 1, of: 2 }],
    ]);
  });
});
