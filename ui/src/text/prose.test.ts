import { describe, expect, it } from "vitest";
import { spans } from "./prose";

describe("prose", () => {
  it.each([
    ["answered 200 with `total` = 470 at 1 s.", ["answered 200 with ", "<total>", " = 470 at 1 s."]],
    ["`a` and `b`", ["<a>", " and ", "<b>"]],
    ["one ` alone", ["one ` alone"]],
    ["empty `` ones", ["empty `` ones"]],
    ["", []],
  ])("cuts %j", (text, expected) =>
    expect(spans(text).map((span) => (span.isCode ? `<${span.text}>` : span.text))).toEqual(expected),
  );
});
