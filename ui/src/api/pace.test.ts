import { afterEach, describe, expect, it, vi } from "vitest";
import { pause, timed } from "./pace";

describe("the pause between two questions", () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([
    [0, 1000],
    [100, 1000],
    [2000, 16_000],
  ])("after an answer of %d ms is %d ms", async (took, expected) => {
    const clock = vi.spyOn(performance, "now");
    clock.mockReturnValueOnce(5).mockReturnValueOnce(5 + took);
    expect(await timed("it", async () => "answer")).toBe("answer");
    expect(pause("it", 1000)).toBe(expected);
  });

  it("is the least before there was an answer", () => expect(pause("nothing", 1500)).toBe(1500));
});
