import { describe, expect, it } from "vitest";
import { clampOffset, isScaled, offsetFor, offsetOf, SPACER_MOST, scrollTopOf, spacerHeight } from "./scroll";
import { random } from "./testing/generate";

describe("scroll", () => {
  it("reaches every row whatever a browser's limit, and back", () => {
    const next = random(11);
    for (let round = 0; round < 400; round += 1) {
      const size = { content: Math.floor(next() * 10 ** (1 + next() * 8)), view: 1 + Math.floor(next() * 900) };
      expect(spacerHeight(size)).toBeLessThanOrEqual(SPACER_MOST);
      const offset = clampOffset(next() * size.content, size);
      expect(offsetOf(scrollTopOf(offset, size), size)).toBeCloseTo(offset, 3);
      const most = Math.max(0, spacerHeight(size) - size.view);
      expect(offsetOf(most, size)).toBeCloseTo(Math.max(0, size.content - size.view), 3);
      expect(offsetOf(0, size)).toBe(0);
      if (!isScaled(size)) expect(scrollTopOf(offset, size)).toBe(offset);
    }
  });

  it.each([
    [{ top: 500, offset: 0 }, 0, "is in view: nothing moves"],
    [{ top: 2000, offset: 0 }, 2104 - 1000, "is below: the least that shows it, with three rows behind it"],
    [{ top: 500, offset: 900 }, 422, "is above: the least that shows it, with three rows before it"],
    [{ top: 0, offset: 900 }, 0, "is the first"],
  ])("%o", ({ top, offset }, expected) => {
    expect(offsetFor(top, 26, offset, { content: 5000, view: 1000 })).toBe(expected);
  });
});
