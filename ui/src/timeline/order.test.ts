import { describe, expect, it } from "vitest";
import { at, NONE, type TimelineData } from "./data";
import { FOLD_FROM, type Folds, findFolds } from "./folds";
import { matchRows } from "./match";
import { FOLD_BIT, isFold, type Openness, reveal, visibleOrder } from "./order";
import { generated, recording } from "./testing/data";
import { random } from "./testing/generate";

type Shown = [item: number, depth: number][];

function childrenOf(data: TimelineData, parent: number): number[] {
  const all = Array.from({ length: data.rows }, (_, row) => row);
  return all.filter((row) => at(data.columns.parent, row) === parent);
}

/** What is shown, by plain recursion. */
function naive(data: TimelineData, folds: Folds, { collapsed, opened }: Openness): Shown {
  const shown: Shown = [];
  const put = (row: number, depth: number) => {
    shown.push([row, depth]);
    if (collapsed[row] === 0) siblings(row, depth + 1);
  };
  const siblings = (parent: number, depth: number) => {
    const done = new Set<number>();
    for (const row of childrenOf(data, parent)) {
      const fold = at(folds.of, row) - 1;
      if (fold < 0) put(row, depth);
      else if (!done.has(fold)) {
        done.add(fold);
        shown.push([FOLD_BIT + fold, depth]);
        if (opened[fold] === 1) for (const member of folds.members[fold] ?? []) put(member, depth + 1);
      }
    }
  };
  siblings(NONE, 0);
  return shown;
}

/** The folds, by comparing each with each. */
function naiveFolds(data: TimelineData): number[][] {
  const found = new Map<string, number[]>();
  const { parent, group, name, end, kind } = data.columns;
  for (let row = 0; row < data.rows; row += 1) {
    const isLeaf = end[row] === row + 1 && kind[row] !== 1;
    if (group[row] === 0 && !isLeaf) continue;
    const key = `${parent[row]} ${group[row] === 0 ? `name ${name[row]}` : `group ${group[row]}`}`;
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return [...found.values()].filter((rows) => rows.length >= FOLD_FROM);
}

const SHAPES = Array.from({ length: 40 }, (_, index) => ({
  rows: 1 + index * 6,
  seed: index,
  depth: 1 + (index % 6),
  names: 1 + (index % 4),
  descend: 0.3 + (index % 5) / 10,
  grouped: index % 3 === 0 ? 0 : 0.5,
}));

describe.each(SHAPES)("%o", (shape) => {
  const data = generated(shape);
  const folds = findFolds(data);
  const next = random(shape.seed + 1000);
  const openness: Openness = {
    collapsed: Uint8Array.from({ length: data.rows }, () => (next() < 0.15 ? 1 : 0)),
    opened: Uint8Array.from({ length: folds.members.length }, () => (next() < 0.5 ? 1 : 0)),
  };

  it("folds what a comparison of each with each folds", () => {
    const sorted = (lists: number[][]) => lists.map((rows) => rows.join()).sort();
    expect(sorted(folds.members.map((rows) => [...rows]))).toEqual(sorted(naiveFolds(data)));
  });

  it("shows what recursion shows, and knows where", () => {
    const order = visibleOrder(data, folds, openness, null);
    expect([...order.items].map((item, index) => [item, order.depths[index]])).toEqual(naive(data, folds, openness));
    order.items.forEach((item, index) => {
      expect(isFold(item) ? order.foldPlace[item - FOLD_BIT] : order.place[item]).toBe(index);
    });
    expect(order.place.filter((index) => index !== NONE).length).toBe(
      [...order.items].filter((it) => !isFold(it)).length,
    );
  });

  it("opens what hides a row, and no more than that", () => {
    const row = data.rows - 1;
    const copy = { collapsed: openness.collapsed.slice(), opened: openness.opened.slice() };
    reveal(data, folds, copy, row);
    expect(visibleOrder(data, folds, copy, null).place[row]).not.toBe(NONE);
    expect(reveal(data, folds, copy, row)).toBe(false);
  });

  it("keeps what matches and what is above it", () => {
    const match = matchRows(data, "things/0");
    const wanted = new Set<number>();
    for (let row = 0; row < data.rows; row += 1) {
      if (!data.names[at(data.columns.name, row)]?.includes("things/0")) continue;
      for (let up = row; up !== NONE; up = at(data.columns.parent, up)) wanted.add(up);
    }
    const shown = visibleOrder(data, folds, openness, match?.kept ?? null).items;
    expect([...shown]).toEqual([...wanted].sort((a, b) => a - b));
  });
});

describe("match", () => {
  const data = recording(
    [
      { kind: 1, name: 3 },
      { depth: 1, name: 0, peer: 0, status: 429, kind: 5 },
      { depth: 1, name: 2, peer: 1, status: 201, kind: 5, service: 1 },
      { depth: 1, name: 1, status: 0 },
    ],
    { names: ["GET /insights", "plain", "POST /signup", "a test"] },
  );
  it.each([
    ["insights", [1]],
    ["GET insights", [1]],
    ['"get /ins"', [1]],
    ["lambda", [1]],
    ["lambda signup", []],
    ["method:post", [2]],
    ["status:4xx", [1]],
    ["429", [1]],
    ["peer:api", [2]],
    ["service:tests", [0, 1, 3]],
    ["peer:api service:api status:201", [2]],
    ["nothing-like-it", []],
  ])("%s", (query, rows) => {
    const match = matchRows(data, query);
    expect([...(match?.kept ?? [])].flatMap((kept, row) => (kept === 2 ? [row] : []))).toEqual(rows);
    expect(match?.count).toBe(rows.length);
  });
  it("asks for nothing when there is nothing to look for", () => {
    expect(matchRows(data, "  ")).toBeNull();
  });
});

describe("a tree as deep as it is long", () => {
  it("is shown without recursion", () => {
    const data = recording(Array.from({ length: 20_000 }, (_, depth) => ({ depth })));
    const folds = findFolds(data);
    const order = visibleOrder(data, folds, { collapsed: new Uint8Array(data.rows), opened: new Uint8Array() }, null);
    expect(order.items.length).toBe(20_000);
  });
});

it("the shapes above do fold, in one another too", () => {
  const all = SHAPES.map((shape) => findFolds(generated(shape)));
  expect(all.filter((folds) => folds.members.length > 1).length).toBeGreaterThan(10);
});
