import { describe, expect, it } from "vitest";
import type { Attempt, Test } from "../api/types";
import { escaped, fenced, verdictMarkdown } from "./markdown";

describe("markdown", () => {
  it.each([
    ["plain", "plain"],
    ["**bold** [x](http://a) `c`", "\\*\\*bold\\*\\* \\[x\\](http://a) \\`c\\`"],
    ["ping @team #12", "ping &#64;team \\#12"],
    ["<img src=x onerror=1>", "&#60;img src=x onerror=1\\>"],
    ["two\nlines", "two lines"],
    ["r\u202eto", "r\\[RLO\\]to"],
  ])("escapes %j", (text, expected) => expect(escaped(text)).toBe(expected));

  it("fences what holds fences", () => {
    expect(fenced("a\n````\nb")).toBe("`````\na\n````\nb\n`````");
    expect(fenced("plain")).toBe("```\nplain\n```");
  });

  it("says what the verdict says", () => {
    const test = { suite: ["invoices"], name: "renders" } as unknown as Test;
    const attempt = {
      status: "failed",
      duration_ms: 670,
      error: { type: "Error", message: "Rate Exceeded.", file: "src/invoices.js", line: 17 },
      diagnosis: {
        summary: "Failed because AWS Lambda answered 429.",
        confidence: "established",
        cause: "rate-limited",
        owner: "dependency",
        not_your_code: false,
        culprit: {
          method: "POST",
          url: "http://lambda/invocations",
          status: 429,
          error: null,
          at_ms: 665,
          duration_ms: 2,
          response_excerpt: '{"message":"Rate Exceeded."}',
          response_excerpt_cut: false,
        },
        findings: [{ text: "In the passing recording the same call answered 200.", span_id: null }],
        counter: [],
        therefore: ["insert insight"],
        missing: [],
        rivals: [],
      },
      unlike: null,
    } as unknown as Attempt;
    expect(verdictMarkdown(test, attempt, "http://127.0.0.1/a/1")).toMatchInlineSnapshot(`
      "### invoices › renders: failed after 670 ms

      **Failed because AWS Lambda answered 429.** (rate-limited · established · owner: dependency)

      \`\`\`
      +0.665 s  POST http://lambda/invocations → 429 in 2 ms
      {"message":"Rate Exceeded."}
      \`\`\`

      **Evidence**

      - In the passing recording the same call answered 200.

      **Therefore never happened**

      - insert insight

      **The test said**

      \`\`\`
      Error: Rate Exceeded.
      src/invoices.js:17
      \`\`\`

      Recording: http://127.0.0.1/a/1
      "
    `);
  });

  it("says in what a pass is odd", () => {
    const test = { suite: [], name: "is refused" } as unknown as Test;
    const oddity = { call: "DELETE /orders/*", text: "answered 500, 404 in the others" };
    const attempt = {
      status: "passed",
      duration_ms: 20,
      error: null,
      diagnosis: null,
      unlike: { summary: "Passed, but not like its 3 other passes.", oddities: [oddity] },
    } as unknown as Attempt;
    expect(verdictMarkdown(test, attempt, "http://127.0.0.1/a/1")).toMatchInlineSnapshot(`
      "### is refused: passed after 20 ms

      **Passed, but not like its 3 other passes.**

      **Not like the other passes**

      - DELETE /orders/\\* answered 500, 404 in the others

      Recording: http://127.0.0.1/a/1
      "
    `);
  });
});
