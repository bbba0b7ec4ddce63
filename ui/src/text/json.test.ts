import { describe, expect, it } from "vitest";
import { layoutJson } from "./json";

function laidOut(text: string): string | null {
  const layout = layoutJson(text);
  if (layout === null) return null;
  const lines = layout.lines.map((line) => "  ".repeat(line.depth) + line.tokens.map((token) => token.text).join(""));
  return lines.join("\n") + (layout.broken ? "\n…" : "");
}

describe("layoutJson", () => {
  it.each([
    ["plain text", null],
    ["", null],
    ["{}", "{}"],
    ["[ ]", "[]"],
    ['{"a":[1,{"b":null}],"c":"x"}', '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ],\n  "c": "x"\n}'],
    ['{"id":12345678901234567890.10}', '{\n  "id": 12345678901234567890.10\n}'],
    ['{"a":1,"a":2}', '{\n  "a": 1,\n  "a": 2\n}'],
    ['{"cut":"in the mid', '{\n  "cut": "in the mid\n…'],
    ['{"a":[1,2', '{\n  "a": [\n    1,\n    2\n…'],
    ["[1}", "[\n  1}\n…"],
    ['{"a":1} and more', '{\n  "a": 1\n}\nand more\n…'],
    ['["quote \\" inside"]', '[\n  "quote \\" inside"\n]'],
  ])("%j", (text, expected) => expect(laidOut(text)).toBe(expected));

  it("tells keys from strings", () => {
    const kinds = layoutJson('{"k": "s", "l": ["k"]}')?.lines.flatMap((line) => line.tokens.map((token) => token.kind));
    expect(kinds?.filter((kind) => kind !== "mark")).toEqual(["key", "string", "key", "string"]);
  });

  it("changes nothing but white space", () => {
    const source = '[{"a":-1.5e+3,"b":[true,false,null,[]],"c":{"d":{}}},"\\u202e"]';
    expect(laidOut(source)?.replace(/\s/g, "")).toBe(source);
  });

  it("survives deep nesting", () => {
    const deep = "[".repeat(20_000);
    expect(layoutJson(deep)?.broken).toBe(true);
  });
});
