import { describe, expect, it } from "vitest";
import { matches, parseFilter, term } from "./filter";

const call = {
  text: "POST http://lambda.local/functions/render/invocations",
  keys: { host: "lambda.local", peer: "AWS Lambda", method: "POST", status: "429" },
};

describe("filter", () => {
  it.each([
    ["", true],
    ["render", true],
    ["RENDER post", true],
    ["render missing", false],
    ["status:429", true],
    ["status:4xx", true],
    ["status:5xx", false],
    ["status:42", false],
    ["method:post", true],
    ['peer:"aws lambda"', true],
    ["peer:lambda", true],
    ["service:api", false],
    ['"functions/render"', true],
    ["http://lambda.local", true],
  ])("%j", (text, expected) => expect(matches(parseFilter(text), call)).toBe(expected));

  it("reads its own terms back", () => {
    expect(parseFilter(`${term("peer", "AWS Lambda")} ${term("host", "a.b")}`).keys).toEqual([
      { key: "peer", value: "aws lambda" },
      { key: "host", value: "a.b" },
    ]);
  });
});
