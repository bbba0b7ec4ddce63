import { describe, expect, it } from "vitest";
import { tagsOf } from "./tags";

describe("tags", () => {
  it("puts what is known in its place", () => {
    expect(
      tagsOf({
        "vcs.change.url": "https://github.com/acme/shop/pull/482",
        "vcs.ref.head.name": "main",
        "user.name": "Ann",
        "cicd.pipeline.run.url.full": "javascript:alert(1)",
        team: "blue",
      }),
    ).toEqual({
      change: { label: "#482", href: "https://github.com/acme/shop/pull/482" },
      ci: { label: "CI job", href: null },
      branch: "main",
      commit: null,
      actor: "Ann",
      rest: [["team", "blue"]],
    });
  });
});
