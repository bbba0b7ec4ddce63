import { describe, expect, it } from "vitest";
import { at, NO_PEER, NONE, rowOf, spanId } from "./data";
import { decodeTimeline } from "./decode";
import { recording } from "./testing/data";
import { encode, generate, madeRow, random } from "./testing/generate";

describe("decodeTimeline", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("reads what was written, seed %i", (seed) => {
    const made = generate({ rows: 1 + seed * 7, seed, grouped: 0.3 });
    const data = decodeTimeline(encode(made));
    expect(data.names).toEqual(made.names);
    expect(data.marks).toEqual(made.marks);
    const { columns } = data;
    made.rows.forEach((row, index) => {
      const read = Object.fromEntries(
        Object.entries(columns)
          .filter(([name]) => name !== "id")
          .map(([name, column]) => [name, at(column, index)]),
      );
      expect({ ...read, id: [at(columns.id, index * 2), at(columns.id, index * 2 + 1)] }).toEqual(row);
      expect(rowOf(data, spanId(data, index))).toBe(index);
    });
  });

  it("cut anywhere, is an error that says so", () => {
    const whole = encode(generate({ rows: 9, seed: 1, names: 3 }));
    for (let length = 0; length < whole.byteLength; length += 1) {
      expect(() => decodeTimeline(whole.slice(0, length))).toThrow(/^The timeline is damaged: /);
    }
  });

  it("changed anywhere, is read or refused, and never a tree that does not end", () => {
    const next = random(7);
    const whole = encode(generate({ rows: 12, seed: 2, names: 3, grouped: 0.4 }));
    for (let round = 0; round < 3000; round += 1) {
      const bytes = new Uint8Array(whole.slice(0));
      bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
      let data: ReturnType<typeof decodeTimeline>;
      try {
        data = decodeTimeline(bytes.buffer);
      } catch (error) {
        expect((error as Error).message).toMatch(/^The (timeline|answer) /);
        continue;
      }
      for (let row = 0; row < data.rows; row += 1) {
        expect(at(data.columns.end, row)).toBeGreaterThan(row);
        expect(at(data.columns.end, row)).toBeLessThanOrEqual(data.rows);
        expect(data.names[at(data.columns.name, row)]).toBeTypeOf("string");
      }
    }
  });

  const refused: [string, () => ArrayBuffer, RegExp][] = [
    ["something else", () => new TextEncoder().encode("<!doctype html><html>").buffer as ArrayBuffer, /not a timeline/],
    ["another version", () => version(2), /has version 2; this page reads 1/],
    [
      "a parent behind its child",
      () => encode(made([{ parent: 1, end: 2 }, { parent: 0 }])),
      /row 0 is not in its place/,
    ],
    ["an end behind the rows", () => encode(made([{ end: 9 }])), /row 0 is not in its place/],
    [
      "a child that outlasts its parent",
      () => encode(made([{ end: 2 }, { parent: 0, end: 3 }, {}])),
      /row 1 is not in/,
    ],
    ["a name that is not there", () => encode(made([{ name: 99 }])), /row 0 has a name or a service/],
    ["a peer that is not there", () => encode(made([{ peer: 77 }])), /row 0 has a peer/],
    ["a start after the end", () => encode(made([{ start: 5000 }])), /row 0 starts after/],
  ];
  it.each(refused)("refuses %s", (_, bytes, message) => {
    expect(() => decodeTimeline(bytes())).toThrow(message);
  });

  it("knows no span by half an id, and none that is not there", () => {
    const data = recording([{}, { depth: 1, duration: NONE, peer: NO_PEER }]);
    expect(rowOf(data, spanId(data, 1))).toBe(1);
    expect(rowOf(data, "0000000000000009")).toBe(-1);
    expect(rowOf(data, "1")).toBe(-1);
  });
});

function made(rows: Parameters<typeof madeRow>[0][]) {
  const base = generate({ rows: 1, seed: 1, names: 2 });
  return { ...base, duration: 100, marks: [], rows: rows.map((row, index) => madeRow({ end: index + 1, ...row })) };
}

function version(number: number): ArrayBuffer {
  const bytes = encode(generate({ rows: 1, seed: 1 }));
  new DataView(bytes).setUint32(4, number, true);
  return bytes;
}
