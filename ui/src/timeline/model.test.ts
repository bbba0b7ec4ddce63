import { describe, expect, it } from "vitest";
import { spanId } from "./data";
import { Model } from "./model";
import { FOLD_BIT } from "./order";
import { press } from "./press";
import { recording } from "./testing/data";

/** A test that signs up, polls six times (the last one fails), and a hook. */
function polled(lastFlags = 1): Model {
  const poll = (index: number, flags = 0) => [
    {
      depth: 1,
      kind: 5,
      name: 0,
      peer: 0,
      start: 100 * index,
      duration: 20,
      group: 1,
      status: flags === 0 ? 200 : 504,
      flags,
    },
    { depth: 2, kind: 6, name: 0, service: 1, start: 100 * index + 5, duration: 10 },
  ];
  return new Model(
    recording([
      { kind: 1, name: 3, duration: 1000, flags: 1 },
      { depth: 1, kind: 5, name: 2, peer: 0, start: 0, duration: 50 },
      ...[1, 2, 3, 4, 5].flatMap((index) => poll(index)),
      ...poll(6, lastFlags),
      { depth: 1, kind: 3, name: 3, start: 900, duration: 20 },
    ]),
  );
}

function keys(model: Model, ...pressed: string[]): number[] {
  const chosen: number[] = [];
  const choose = (item: number) => {
    if (item < 0) return;
    model.cursor = item;
    chosen.push(item);
  };
  for (const key of pressed) {
    press(
      { key: key.replace("shift+", ""), shiftKey: key.startsWith("shift+") },
      {
        model,
        page: 3,
        axis: () => model.axis(500),
        choose,
        toggle: (item) => model.setOpen(item, model.isOpen(item) !== true),
        windowed: (change) => change(),
        compress: () => {
          model.compressed = !model.compressed;
        },
        goTo: (row) => {
          model.select(spanId(model.data, row));
          choose(row);
        },
      },
    );
  }
  return chosen;
}

const FOLD = FOLD_BIT;

describe("Model", () => {
  it("folds polls, and opens the fold when the verdict names one of them", () => {
    expect([...polled().order.items]).toEqual([0, 1, FOLD, 14]);
    expect(polled(3).order.items.length).toBe(3 + 1 + 12);
  });

  it("says what a fold's members came to", () => {
    const { failures, ...said } = polled().summaryOf(FOLD);
    expect(said).toEqual({ start: 100, end: 620, failed: 1, flags: 1, statuses: "5× 200, 1× 504" });
    expect(failures).toEqual([12]);
  });

  it.each([
    [
      ["j", "j", "j", "j", "j"],
      [0, 1, FOLD, 14, 14],
    ],
    [
      ["End", "k", "Home"],
      [14, FOLD, 0],
    ],
    [
      ["j", "j", "j", "ArrowRight", "ArrowRight", "ArrowRight"],
      [0, 1, FOLD, 2, 3],
    ],
    [
      ["End", "k", "ArrowRight", "j", "j", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft"],
      [14, FOLD, 2, 3, 2, FOLD, 0],
    ],
    [
      ["e", "e", "E"],
      [12, 12, 12],
    ],
    [
      ["PageDown", "PageDown", "PageUp"],
      [FOLD, 14, 0],
    ],
    [
      ["End", "shift+ArrowLeft"],
      [14, 0],
    ],
  ])("keys %j", (pressed, chosen) => {
    expect(keys(polled(), ...pressed)).toEqual(chosen);
  });

  it("goes into a fold that was asked for by link, and stays on one that stands for its member", () => {
    const linked = polled();
    expect(linked.select(spanId(linked.data, 4))).toBe(true);
    expect(linked.indexOf(4)).toBeGreaterThan(0);

    const walked = polled();
    walked.cursor = FOLD;
    expect(walked.select(spanId(walked.data, walked.rowFor(FOLD)))).toBe(false);
    expect(walked.indexOf(4)).toBe(-1);
  });

  it("filters, and shows what was there before when the filter is gone", () => {
    const model = polled();
    model.filter("status:504");
    expect([...model.order.items]).toEqual([0, 12]);
    expect(model.match?.count).toBe(1);
    keys(model, "ArrowLeft");
    model.filter("");
    expect([...model.order.items]).toEqual([0, 1, FOLD, 14]);
  });

  it("zooms to the cursor, out again, and never beyond the recording", () => {
    const model = polled();
    keys(model, "j", "j", "z");
    expect(model.window).toEqual({ from: 0, to: 54 });
    keys(model, ...Array.from({ length: 20 }, () => "x"));
    expect(model.isWhole).toBe(true);
    keys(model, "w", "w", "0");
    expect(model.isWhole).toBe(true);
    keys(model, "w", "d");
    expect(model.window.from).toBeGreaterThan(0);
    expect(model.window.to).toBeLessThanOrEqual(1000);
  });

  it("collapses below a depth", () => {
    const model = polled(3);
    model.collapseBelow(1);
    expect([...model.order.items]).toEqual([0, 1, FOLD, 2, 4, 6, 8, 10, 12, 14]);
    model.collapseBelow(0);
    expect([...model.order.items]).toEqual([0]);
  });

  it("leaves out idleness by key", () => {
    const model = polled();
    const before = model.compressed;
    keys(model, "i");
    expect(model.compressed).toBe(!before);
  });
});

describe("a recording that goes on", () => {
  /** A test with two calls, of which the second is tried six times; `more` are spans before and behind them. */
  function state(more: boolean): Model {
    const tries = [1, 2, 3, 4, 5, 6].map((index) => ({
      id: [1, index],
      depth: 1,
      kind: 5,
      name: 0,
      start: 10 * index,
    }));
    const first = [
      { id: [2, 1], depth: 1, kind: 5, name: 1, start: 5, duration: 5 },
      { id: [2, 2], depth: 2, kind: 6, name: 1, start: 6, duration: 1 },
    ];
    const sooner = [{ id: [3, 1], depth: 1, kind: 3, name: 3, start: 1 }];
    const later = [{ id: [3, 2], depth: 1, kind: 5, name: 2, start: 90 }];
    const rows = [
      { id: [9, 9], kind: 1, name: 3, duration: 100 },
      ...(more ? sooner : []),
      ...first,
      ...tries,
      ...(more ? later : []),
    ] as Parameters<typeof recording>[0];
    return new Model(recording(rows, more ? { duration: 400, attemptAt: 7 } : { duration: 100 }));
  }

  it("keeps what is closed, opened and chosen, and the stretch that is shown", () => {
    const before = state(false);
    before.setOpen(1, false);
    before.setOpen(FOLD_BIT, true);
    before.select("0000000100000004");
    before.setWindow({ from: 20, to: 60 });
    const after = state(true);
    after.takeOver(before);
    const shown = Array.from(after.order.items, (item) => (item >= FOLD_BIT ? "fold" : spanId(after.data, item)));
    expect(shown).not.toContain("0000000200000002");
    expect(shown).toContain("0000000100000004");
    expect(spanId(after.data, after.cursor)).toBe("0000000100000004");
    expect(after.window).toEqual({ from: 27, to: 67 });
  });

  it("goes on showing all of it to those who see all of it", () => {
    const after = state(true);
    after.takeOver(state(false));
    expect(after.isWhole).toBe(true);
    expect(after.cursor).toBe(-1);
  });
});
