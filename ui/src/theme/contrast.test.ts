import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

function colours(theme: string): Map<string, string> {
  const block = new RegExp(`\\[data-theme="${theme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return new Map(
    [...block.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)].map((found) => [found[1] ?? "", found[2] ?? ""]),
  );
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const SURFACES = ["bg", "surface", "raised", "sunken", "hover", "selected"];
const TEXTS = ["text", "text-2", "text-3"];
const SIGNALS = ["accent", "fail", "pass", "flag"];
const PAIRS: [string, string, number][] = [
  ...TEXTS.flatMap((text) => SURFACES.map((surface): [string, string, number] => [text, surface, 4.5])),
  ...SIGNALS.flatMap((signal) =>
    ["bg", "surface", "raised", "hover"].map((surface): [string, string, number] => [signal, surface, 4.5]),
  ),
  ["fail", "fail-soft", 4.5],
  ["fail", "flag-soft", 4.5],
  ["fail", "selected", 4.5],
  ["flag", "flag-soft", 4.5],
  ["pass", "pass-soft", 4.5],
  ["text", "accent-soft", 4.5],
  ["text-2", "accent-soft", 4.5],
  ["text-2", "flag-soft", 4.5],
  ["on-accent", "accent", 4.5],
  ...["key", "string", "number", "word"].map((kind): [string, string, number] => [`syntax-${kind}`, "sunken", 4.5]),
  ...Array.from({ length: 8 }, (_, index): [string, string, number] => [`bar-${index}`, "surface", 3]),
];

describe.each(["light", "dark"])("%s", (theme) => {
  const token = colours(theme);
  it.each(PAIRS)("%s on %s is at least %s:1", (front, back, least) => {
    const [one, other] = [token.get(front), token.get(back)];
    expect(one).toBeDefined();
    expect(other).toBeDefined();
    expect(contrast(one ?? "", other ?? "")).toBeGreaterThanOrEqual(least);
  });
});
