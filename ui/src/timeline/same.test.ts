import { describe, expect, it } from "vitest";
import { sameTimeline } from "./same";
import { recording } from "./testing/data";

describe("a timeline that was asked for again", () => {
  const timeline = (status: number) => recording([{ status }, { depth: 1, kind: 5 }, { depth: 1 }]);
  const before = timeline(200);

  it("stays the same object when nothing changed", () => expect(sameTimeline(before, timeline(200))).toBe(before));

  it.each([
    ["a number did", timeline(503)],
    ["there is more of it", recording([{}, { depth: 1 }, { depth: 1 }, { depth: 1 }])],
  ])("is the new one when %s", (_, next) => expect(sameTimeline(before, next)).toBe(next));

  it("is the new one when there was none", () => expect(sameTimeline(undefined, before)).toBe(before));
});
