import { describe, expect, it } from "vitest";
import { pieces, visible } from "./visible";

describe("visible", () => {
  it.each([
    ["plain", "plain"],
    ["", ""],
    ["two\nlines\tand a tab", "two\nlines\tand a tab"],
    ["\u001b[31mred", "[␛][31mred"],
    ["nul\u0000", "nul[␀]"],
    ["carriage\rreturn", "carriage[␍]return"],
    ["user\u202egpj.exe", "user[RLO]gpj.exe"],
    ["a\u2066b\u2069", "a[LRI]b[PDI]"],
    ["zero\u200bwidth", "zero[ZWSP]width"],
    ["tag\u{e0041}", "tag[U+E0041]"],
    ["half \ud800 pair", "half [U+D800] pair"],
    ["c1\u009b31m", "c1[U+009B]31m"],
    ["naïve 日本語 עברית 😀", "naïve 日本語 עברית 😀"],
  ])("%j", (input, expected) => {
    expect(visible(input)).toBe(expected);
  });

  it("gives each unseen character a code point to look up", () => {
    expect(pieces("a\u202eb")).toEqual([{ text: "a" }, { sign: "RLO", code: "U+202E" }, { text: "b" }]);
  });
});
