// What a frame costs is counted, not timed: it depends on the rows that are seen, not on the rows that there are.
import { describe, expect, it } from "vitest";
import { hit } from "../hit";
import { Labels, Ruler } from "../labels";
import { Model } from "../model";
import type { Palette } from "../palette";
import { generated, recording } from "../testing/data";
import { triesOf } from "../tries";
import { paintAxis } from "./axis";
import { CHART_PAD, chartWidth, type Frame, ROW, seen } from "./frame";
import { computeOverview, paintOverview } from "./overview";
import { paintRows } from "./rows";

const PALETTE = new Proxy(
  { bars: ["b0", "b1", "b2"] },
  {
    get: (known, name) => (name === "bars" ? known.bars : String(name)),
  },
) as unknown as Palette;

interface Pen {
  pen: CanvasRenderingContext2D;
  calls: Record<string, number>;
  texts: string[];
  strokes: string[];
}

/** A pen that counts, and refuses what a canvas refuses. */
function counting(): Pen {
  const calls: Record<string, number> = {};
  const texts: string[] = [];
  const strokes: string[] = [];
  const state: Record<string, unknown> = {};
  const pen = new Proxy(state, {
    set: (_, name, value) => {
      state[String(name)] = value;
      return true;
    },
    get: (_, name) => {
      if (typeof name === "string" && name in state) return state[name];
      return (...values: unknown[]) => {
        const method = String(name);
        calls[method] = (calls[method] ?? 0) + 1;
        if (method === "fillText") texts.push(String(values[0]));
        if (method === "stroke") strokes.push(String(state.strokeStyle));
        if (values.some((value) => typeof value === "number" && !Number.isFinite(value))) throw new Error(method);
        if (method === "roundRect" && (values[4] as number) < 0) throw new RangeError("radius");
      };
    },
  });
  return { pen: pen as unknown as CanvasRenderingContext2D, calls, texts, strokes };
}

function frameOf(model: Model, changes: Partial<Frame> = {}): Frame {
  const ruler = new Ruler((text) => text.length * 7);
  const [width, height, tree] = [1000, 520, 400];
  return {
    model,
    labels: new Labels(model.data, model.actors),
    tries: triesOf(model.data),
    palette: PALETTE,
    rulers: { text: ruler, bold: ruler, mono: ruler },
    axis: model.axis(chartWidth(width, tree)),
    width,
    height,
    tree,
    offset: 0,
    culprit: -1,
    log: [],
    ...changes,
  };
}

function total(calls: Record<string, number>): number {
  return Object.values(calls).reduce((sum, count) => sum + count, 0);
}

describe("paintRows", () => {
  it.each([10, 1000, 50_000])("of %i rows costs what the rows that are seen cost", (rows) => {
    const frame = frameOf(new Model(generated({ rows, seed: 4, descend: 0.6 })), { offset: rows * 3 });
    const [first, last] = seen(frame);
    const { pen, calls, texts } = counting();
    paintRows(pen, frame);
    expect(last - first).toBeLessThanOrEqual(Math.ceil(frame.height / ROW) + 1);
    expect(total(calls)).toBeLessThan(220 * (last - first) + 200);
    expect(texts.length).toBeLessThanOrEqual(9 * (last - first));
  });

  it("of a fold of very many costs no more than its failures", () => {
    const leaves = Array.from({ length: 30_000 }, (_, index) => ({
      depth: 1,
      kind: 5,
      start: index % 900,
      flags: index % 10_000 === 0 ? 1 : 0,
    }));
    const { pen, calls } = counting();
    paintRows(pen, frameOf(new Model(recording([{ kind: 1, duration: 1000 }, ...leaves]))));
    expect(total(calls)).toBeLessThan(200);
  });

  it("says who did what, how long it took and how it ended", () => {
    const rows = [
      { kind: 1, name: 3, duration: 1000, flags: 1 },
      { depth: 1, kind: 5, name: 2, peer: 0, start: 10, duration: 300, status: 429, flags: 3 },
      { depth: 1, kind: 5, name: 0, peer: 1, start: 20, duration: 0xffffffff, flags: 4 },
      { depth: 1, kind: 5, name: 1, peer: 1, start: 30, duration: 500, flags: 64, status: 200 },
    ];
    const { pen, texts, strokes } = counting();
    paintRows(pen, frameOf(new Model(recording(rows, { unitNs: 1_000_000 })), { culprit: 1 }));
    for (const text of ["AWS Lambda", "POST", "/c", "429", "300 ms", "never ended", "mocked", "✗"]) {
      expect(texts).toContain(text);
    }
    expect(strokes).toContain("fail");
    expect(strokes).toContain("flag");
  });

  it("bears clocks that differ, windows of nothing and spans outside of them", () => {
    const rows = [
      { kind: 1, duration: 1000 },
      { depth: 1, kind: 5, start: 500, duration: 10 },
      { depth: 2, kind: 6, start: 900, duration: 10 },
      { depth: 1, kind: 5, start: 600, duration: 0xffffffff, flags: 1 },
    ];
    const model = new Model(recording(rows));
    for (const window of [model.whole, { from: 0, to: 3 }, { from: 998, to: 1000 }, { from: 505, to: 905 }]) {
      model.setWindow(window);
      const { pen } = counting();
      paintRows(pen, frameOf(model));
      paintAxis(
        pen,
        frameOf(model, {
          log: [
            { at: 5, level: "warn" },
            { at: -5, level: "error" },
          ],
        }),
      );
    }
  });
});

describe("paintAxis", () => {
  it("flags the culprit and the failure, and writes over neither", () => {
    const marks = [{ at: 700, kind: "failure", text: "AssertionError: \u202eno\nsecond line", span: null }];
    const data = recording(
      [
        { kind: 1, duration: 1000 },
        { depth: 1, kind: 5, start: 600, duration: 300 },
      ],
      { marks },
    );
    const { pen, texts } = counting();
    paintAxis(pen, frameOf(new Model(data), { culprit: 1 }));
    expect(texts).toContain("⚑ culprit");
    expect(texts).toContain("✗ AssertionError: [RLO]no");
  });
});

describe("paintOverview", () => {
  it.each([100, 20_000])("of %i rows draws no more than pixels", (rows) => {
    const model = new Model(generated({ rows, seed: 2 }));
    const axis = model.overviewAxis(600);
    const frame = { model, axis, palette: PALETTE, left: 10, width: 620, height: 96, culprit: -1 };
    const drawn = computeOverview(frame);
    const { pen, calls } = counting();
    paintOverview(pen, frame, drawn);
    expect(calls.rect ?? 0).toBeLessThanOrEqual(drawn.lanes * drawn.width);
    expect(calls.fill ?? 0).toBeLessThanOrEqual(PALETTE.bars.length + 2);
  });
});

describe("hit", () => {
  const model = new Model(recording([{ kind: 1 }, { depth: 1 }, { depth: 2 }]));
  const frame = frameOf(model);
  it.each([
    [15, 5, { index: 0, part: "twisty" }],
    [200, 5, { index: 0, part: "tree" }],
    [31, 30, { index: 1, part: "twisty" }],
    [45, 60, { index: 2, part: "tree" }],
    [400 + CHART_PAD, 60, { index: 2, part: "chart" }],
    [200, 80, null],
    [-1, 5, null],
  ])("%d, %d", (x, y, expected) => {
    expect(hit(frame, x, y)).toEqual(expected);
  });

  it("finds the row that was scrolled there", () => {
    const many = new Model(generated({ rows: 900, seed: 3, names: 900 }));
    expect(hit(frameOf(many, { offset: 100 * ROW + 5 }), 500, 0)?.index).toBe(100);
  });
});
