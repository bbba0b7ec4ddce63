import { describe, expect, it } from "vitest";
import { Axis } from "./axis";
import { at, endOf, KIND, type TimelineData } from "./data";
import { type OverviewInput, overview, pixelOf, rankOf } from "./overview";
import { generated, recording } from "./testing/data";

/** Each span fills its pixels, the least important first. */
function naive(data: TimelineData, input: OverviewInput): number[] {
  const pixels = new Array<number>(input.lanes * input.width).fill(-1);
  const rows = Array.from({ length: data.rows }, (_, row) => row).filter(
    (row) => data.columns.kind[row] !== KIND.attempt,
  );
  const left = (row: number) => pixelOf(at(data.columns.start, row), input);
  const right = (row: number) => pixelOf(endOf(data, row), input);
  const covered = (row: number) => right(row) - left(row);
  rows.sort((a, b) => rankOf(data, a) - rankOf(data, b) || covered(a) - covered(b) || b - a);
  for (const row of rows) {
    for (let pixel = left(row); pixel <= right(row); pixel += 1) pixels[input.laneOf(row) * input.width + pixel] = row;
  }
  return pixels;
}

describe("overview", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])("fills as span by span does, seed %i", (seed) => {
    const data = generated({ rows: 30 * seed, seed, names: 5, depth: 6 });
    const lanes = 1 + (seed % 5);
    const width = 3 + seed * 21;
    const breaks = seed % 2 === 0 ? [{ from: data.duration * 0.2, to: data.duration * 0.5 }] : [];
    const axis = new Axis({ from: 0, to: data.duration }, width, breaks);
    const input = {
      lanes,
      width,
      laneOf: (row: number) => at(data.columns.service, row) % lanes,
      x: (t: number) => axis.x(t),
    };
    expect([...overview(data, input).rows]).toEqual(naive(data, input));
  });

  it("shows a failure before the culprit, that before the longest", () => {
    const rows = [
      { kind: 1, duration: 100 },
      { depth: 1, start: 0, duration: 100 },
      { depth: 1, start: 10, duration: 30, flags: 2 },
      { depth: 1, start: 20, duration: 5, flags: 1 },
    ];
    const data = recording(rows, { duration: 100 });
    const input = { lanes: 1, width: 10, laneOf: () => 0, x: (time: number) => time / 10 };
    expect([...overview(data, input).rows]).toEqual([1, 2, 3, 2, 2, 1, 1, 1, 1, 1]);
  });

  it("of no width is empty", () => {
    const data = recording([{}]);
    expect(overview(data, { lanes: 2, width: 0, laneOf: () => 0, x: () => 0 }).rows).toHaveLength(0);
  });
});
