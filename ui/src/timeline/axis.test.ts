import { describe, expect, it } from "vitest";
import { Axis, BREAK_PX, clampWindow, pan, zoomAt } from "./axis";
import { at, endOf } from "./data";
import { breaksIn, idleGaps, isMostlyIdle, type Span } from "./idle";
import { generated, recording } from "./testing/data";
import { random } from "./testing/generate";

/** Axes with none to five breaks. */
function axes(): Axis[] {
  const next = random(5);
  return Array.from({ length: 60 }, (_, index) => {
    const from = next() * 1e6;
    const to = from + 10 + next() * 1e9;
    const points = Array.from({ length: (index % 6) * 2 }, () => from + next() * (to - from)).sort((a, b) => a - b);
    const breaks: Span[] = [];
    for (let pair = 0; pair < points.length; pair += 2) {
      breaks.push({ from: points[pair] as number, to: points[pair + 1] as number });
    }
    return new Axis({ from, to }, 50 + next() * 2000, breaks);
  });
}

describe("Axis", () => {
  it("reaches from edge to edge, grows all along, and can be undone", () => {
    const next = random(9);
    for (const axis of axes()) {
      const { from, to } = axis.window;
      expect(axis.x(from)).toBe(0);
      expect(axis.x(to)).toBeCloseTo(axis.width, 6);
      let last = Number.NEGATIVE_INFINITY;
      for (let step = -3; step <= 40; step += 1) {
        const x = axis.x(from + ((to - from) * step) / 37);
        expect(x).toBeGreaterThan(last);
        last = x;
        const pixel = (next() * 1.4 - 0.2) * axis.width;
        expect(axis.x(axis.time(pixel))).toBeCloseTo(pixel, 3);
      }
    }
  });

  it("gives a break its width, and the rest the same scale everywhere", () => {
    const axis = new Axis({ from: 0, to: 1000 }, 528, [{ from: 200, to: 700 }]);
    expect(axis.breaks).toHaveLength(1);
    expect(axis.x(700) - axis.x(200)).toBeCloseTo(BREAK_PX);
    expect(axis.x(100) - axis.x(0)).toBeCloseTo(100);
    expect(axis.x(1000) - axis.x(900)).toBeCloseTo(100);
  });

  it("keeps what is under the pointer there", () => {
    const axis = new Axis({ from: 100, to: 900 }, 800, []);
    const window = zoomAt(axis, 200, 0.5, 1000);
    expect(new Axis(window, 800).x(axis.time(200))).toBeCloseTo(200);
    expect(window.to - window.from).toBeCloseTo(400);
  });

  it("pans by pixels, and stops at the ends", () => {
    const axis = new Axis({ from: 100, to: 200 }, 100, []);
    expect(pan(axis, 50, 1000)).toEqual({ from: 150, to: 250 });
    expect(pan(axis, -500, 1000)).toEqual({ from: 0, to: 100 });
    expect(pan(axis, 5000, 1000)).toEqual({ from: 900, to: 1000 });
  });

  it.each([
    [
      { from: -50, to: 5000 },
      { from: 0, to: 1000 },
    ],
    [
      { from: 990, to: 1090 },
      { from: 900, to: 1000 },
    ],
    [
      { from: 500, to: 500 },
      { from: 500, to: 502 },
    ],
    [
      { from: 1000, to: 400 },
      { from: 998, to: 1000 },
    ],
  ])("keeps %o within the recording", (window, kept) => {
    expect(clampWindow(window, 1000)).toEqual(kept);
  });
});

/** The gaps, second by second. */
function naiveGaps(data: ReturnType<typeof recording>): Span[] {
  const busy = new Uint8Array(data.duration);
  for (let row = 0; row < data.rows; row += 1) {
    if ([1, 2, 3, 4].includes(at(data.columns.kind, row))) continue;
    busy.fill(1, at(data.columns.start, row), endOf(data, row));
  }
  const gaps: Span[] = [];
  for (let moment = 0; moment < data.duration; moment += 1) {
    if (busy[moment] === 1) continue;
    const last = gaps[gaps.length - 1];
    if (last !== undefined && last.to === moment) last.to += 1;
    else gaps.push({ from: moment, to: moment + 1 });
  }
  return gaps;
}

describe("idleGaps", () => {
  it.each([1, 2, 3, 4, 5, 6])("finds what looking at each moment finds, seed %i", (seed) => {
    const next = random(seed);
    const duration = 100_000;
    const calls = Array.from({ length: 12 }, () => {
      const start = Math.floor(next() * duration);
      return { depth: 1, kind: 5, start, duration: Math.floor(next() * Math.min(9000, duration - start)) };
    }).sort((a, b) => a.start - b.start);
    const data = recording([{ kind: 1, duration }, ...calls], { duration });
    const worth = (gaps: Span[]) => gaps.filter(({ from, to }) => to - from > duration * 0.01);
    expect(worth(idleGaps(data))).toEqual(worth(naiveGaps(data)));
  });

  it("knows no idleness while a call never comes back", () => {
    const data = recording([
      { kind: 1, duration: 1000 },
      { depth: 1, kind: 5, start: 10, duration: 0xffffffff },
    ]);
    expect(breaksIn(idleGaps(data), { from: 0, to: 1000 })).toEqual([]);
  });

  it("does not hide a mark in a break", () => {
    const marks = [{ at: 500, kind: "failure", text: "", span: null }];
    const data = recording(
      [
        { kind: 1, duration: 1000 },
        { depth: 1, kind: 5, start: 0, duration: 10 },
      ],
      { marks },
    );
    expect(breaksIn(idleGaps(data), { from: 0, to: 1000 })).toEqual([
      { from: 10, to: 500 },
      { from: 500, to: 1000 },
    ]);
  });
});

describe("breaksIn", () => {
  const gaps = [
    { from: 100, to: 140 },
    { from: 200, to: 900 },
  ];
  it.each([
    [{ from: 0, to: 1000 }, [{ from: 200, to: 900 }]],
    [{ from: 0, to: 500 }, [gaps[0], { from: 200, to: 500 }]],
    [{ from: 300, to: 400 }, []],
  ])("in %o", (window, breaks) => {
    expect(breaksIn(gaps, window)).toEqual(breaks);
  });
  it("is on without asking when more than two fifths are idle", () => {
    expect(isMostlyIdle(gaps, 1000)).toBe(true);
    expect(isMostlyIdle(gaps, 2000)).toBe(false);
  });
});

it("of a recording without a length, something can be shown", () => {
  const data = generated({ rows: 1, seed: 1 });
  const axis = new Axis(clampWindow({ from: 0, to: 0 }, 0), 500);
  expect(axis.x(0)).toBe(0);
  expect(Number.isFinite(axis.x(1))).toBe(true);
  expect(idleGaps(recording([{ duration: 0 }], { duration: 0 }))).toEqual([]);
  expect(data.rows).toBe(1);
});
