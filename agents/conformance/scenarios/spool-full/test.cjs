const { call } = require("../call.cjs");

/** The agent tries again one second after the spool was full. */
const RETRY_MS = 1_200;

describe("full spool", () => {
  for (let number = 1; number <= 30; number += 1) it(`is test ${number}`, () => call(`/json?test=${number}`));

  it("finds room again", async () => {
    if (process.env.FLAKESCOPE_SPOOL) drain(process.env.FLAKESCOPE_SPOOL);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  });
  it("is recorded again", () => call("/json?again"));
});

/** Removes closed segments, as the recorder does when it has read them. */
function drain(spool) {
  const { readFileSync, readdirSync, rmSync } = require("node:fs");
  const { join } = require("node:path");
  const segments = readdirSync(spool).filter((name) => name.endsWith(".seg")).map((name) => join(spool, name));
  for (const segment of segments) if (readFileSync(segment, "utf8").includes('"t":"end"')) rmSync(segment);
}
