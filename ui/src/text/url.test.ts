import { describe, expect, it } from "vitest";
import { pairs, safeLink, urlParts } from "./url";

describe("url", () => {
  it("splits without changing anything", () => {
    expect(urlParts("http://h:80/a%2Fb/../c?x=1&x=2&y=%E4%BD%A0+b&bad=%zz#f")).toEqual({
      host: "h:80",
      path: "/a%2Fb/../c",
      query: [
        { name: "x", value: "1" },
        { name: "x", value: "2" },
        { name: "y", value: "你 b" },
        { name: "bad", value: "%zz" },
      ],
    });
    expect(urlParts("/only/a/path")).toEqual({ host: "", path: "/only/a/path", query: [] });
    expect(pairs("flag&a=b=c")).toEqual([
      { name: "flag", value: "" },
      { name: "a", value: "b=c" },
    ]);
  });

  it.each([
    ["https://ci.example/1", "https://ci.example/1"],
    ["javascript:alert(1)", null],
    [" https://x", null],
    ["data:text/html,x", null],
    ["", null],
  ])("links only to pages: %j", (url, expected) => expect(safeLink(url)).toBe(expected));
});
