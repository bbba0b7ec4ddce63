import { describe, expect, it } from "vitest";
import { parseSearch, parseStretch, recordingSearch, runSearch, stringifySearch, writeStretch } from "./search";

describe("search parameters", () => {
  it.each([
    "?view=graph&span=1234567890123456&tab=response&t=0-13.25&q=status%3A4xx",
    "?span=00e1234567890123",
    "?q=%22a+b%22",
    "",
  ])("come back as they were: %s", (address) => {
    const read = recordingSearch(parseSearch(address));
    const kept = Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
    expect(stringifySearch(kept)).toBe(address);
  });

  it("leave out what is not understood", () => {
    expect(recordingSearch(parseSearch("?view=3d&tab=x&t=9-1&span=&other=1"))).toEqual({});
    expect(runSearch(parseSearch("?status=red&q="))).toEqual({});
    expect(runSearch(parseSearch("?status=flaky&q=a"))).toEqual({ status: "flaky", q: "a" });
  });

  it.each([
    ["0-10", { from: 0, to: 10 }],
    ["1.5-2.25", { from: 1.5, to: 2.25 }],
    ["2-2", null],
    ["a-b", null],
    [undefined, null],
  ])("a stretch %j", (value, expected) => expect(parseStretch(value)).toEqual(expected));

  it("writes stretches to the microsecond", () => {
    expect(writeStretch({ from: -1, to: 10.00049 })).toBe("0-10");
    expect(writeStretch(null)).toBeUndefined();
  });
});
