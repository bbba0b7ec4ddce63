import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { curl, shellWord } from "./curl";

describe("curl", () => {
  it("leaves out what curl makes itself and keeps masked values as they are", () => {
    const command = curl({
      method: "POST",
      url: "http://lambda.local/2015-03-31/functions/f/invocations?a=1&b='2'",
      headers: [
        { name: "Host", value: "lambda.local" },
        { name: "content-length", value: "2" },
        { name: "authorization", value: "Bearer [masked:1a2b:0123456789ab]" },
      ],
      body: "{}",
    });
    expect(command).toBe(
      "curl 'http://lambda.local/2015-03-31/functions/f/invocations?a=1&b='\\''2'\\''' \\\n" +
        "  -H 'authorization: Bearer [masked:1a2b:0123456789ab]' \\\n" +
        "  --data-raw '{}'",
    );
  });

  it.each(["GET", "DELETE"])("says the method only where curl would choose another: %s", (method) => {
    const command = curl({ method, url: "http://a/", headers: [], body: null });
    expect(command).toBe(method === "GET" ? "curl 'http://a/'" : "curl 'http://a/' \\\n  -X 'DELETE'");
  });

  it.each(["plain", "it's", "$(touch x) `y` $z", "two\nlines", "\u001b[2J", "back\\slash\u0007'"])(
    "a shell reads %j back",
    (text) => {
      const read = execFileSync("bash", ["--norc", "-c", `printf %s ${shellWord(text)}`], {
        env: { LC_ALL: "C.UTF-8" },
      });
      expect(read.toString()).toBe(text);
    },
  );
});
