import { describe, expect, it } from "vitest";
import { Axis } from "./axis";
import { random } from "./testing/generate";
import { roundStep, tickLabel, ticks } from "./ticks";

describe("roundStep", () => {
  it.each([
    [1, 1],
    [1.2, 2],
    [3e6, 5e6],
    [6e6, 1e7],
    [999e6, 1e9],
    [4e9, 5e9],
    [7e9, 10e9],
    [11e9, 15e9],
    [61e9, 120e9],
    [86_401e9, 172_800e9],
  ])("%d", (nanos, step) => {
    expect(roundStep(nanos)).toBe(step);
  });
});

describe("tickLabel", () => {
  it.each([
    [0, 1e6, 1e9, "0"],
    [250e6, 50e6, 900e6, "250 ms"],
    [1.5e9, 0.5e9, 3e9, "1.5 s"],
    [1e9, 0.5e9, 3e9, "1.0 s"],
    [-20e6, 10e6, 90e6, "−20 ms"],
    [125e9, 5e9, 300e9, "2 m 05 s"],
    [12_500, 500, 15_000, "12.5 µs"],
    [400, 100, 500, "400 ns"],
  ])("%d by %d up to %d", (nanos, step, most, label) => {
    expect(tickLabel(nanos, step, most)).toBe(label);
  });
});

describe("ticks", () => {
  it("are in order, apart, within the axis, outside of breaks and all different", () => {
    const next = random(3);
    for (let round = 0; round < 300; round += 1) {
      const from = Math.floor(next() * 10 ** (next() * 9));
      const to = from + 2 + Math.floor(next() * 10 ** (next() * 9.5));
      const length = to - from;
      const gap = { from: from + length * 0.3, to: from + length * 0.6 };
      const axis = new Axis({ from, to }, 200 + next() * 1500, round % 2 === 0 ? [gap] : []);
      const found = ticks(axis, 1000, Math.floor(next() * 1000));
      found.forEach(({ x }, index) => {
        expect(x).toBeGreaterThanOrEqual(-1e-6);
        expect(x).toBeLessThanOrEqual(axis.width + 1e-6);
        const before = found[index - 1];
        if (before !== undefined) expect(x - before.x).toBeGreaterThan(50);
        for (const piece of axis.breaks) expect(x <= piece.left + 1e-6 || x >= piece.right - 1e-6).toBe(true);
      });
      expect(new Set(found.map(({ label }) => label)).size).toBe(found.length);
    }
  });

  it("count from the attempt's start", () => {
    const labels = ticks(new Axis({ from: 0, to: 3000 }, 400), 1000, 1000).map(({ label }) => label);
    expect(labels).toEqual(["−1 ms", "0", "1 ms", "2 ms"]);
  });
});
