import { describe, expect, it } from "vitest";
import { ago, count, duration, offset, size } from "./format";

describe("format", () => {
  it.each([
    [null, "never ended"],
    [0, "< 1 ms"],
    [0.25, "0.25 ms"],
    [118, "118 ms"],
    [118.44, "118.4 ms"],
    [3204, "3.20 s"],
    [13_400, "13.4 s"],
    [401_000, "6 m 41 s"],
    [3_660_000, "1 h 1 m"],
  ])("duration %j", (ms, expected) => expect(duration(ms)).toBe(expected));

  it.each([
    [0, "0 B"],
    [61, "61 B"],
    [4300, "4.2 KiB"],
    [1_048_576, "1.0 MiB"],
    [null, ""],
  ])("size %j", (bytes, expected) => expect(size(bytes)).toBe(expected));

  it.each([
    [30_000, "just now"],
    [240_000, "4 min ago"],
    [3 * 3_600_000, "3 h ago"],
    [2 * 86_400_000, "2 d ago"],
    [30 * 86_400_000, "2026-11-01"],
  ])("ago %j", (elapsed, expected) => {
    const then = "2026-11-01T00:00:00Z";
    expect(ago(then, Date.parse(then) + elapsed)).toBe(expected);
  });

  it("keeps offsets to the millisecond and nouns in number", () => {
    expect(offset(3204)).toBe("+3.204 s");
    expect([count(1, "call"), count(4, "call"), count(2, "try", "tries")]).toEqual(["1 call", "4 calls", "2 tries"]);
  });
});
