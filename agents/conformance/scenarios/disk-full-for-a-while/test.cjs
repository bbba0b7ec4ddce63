const { closeSync, openSync, rmSync, writeSync } = require("node:fs");
const { join } = require("node:path");
const { call } = require("../call.cjs");

const spool = process.env.FLAKESCOPE_SPOOL;
const ballast = spool && join(spool, "ballast");
const BLOCK = Buffer.alloc(4096);

/** Writes until the disk is full; the block that does not fit is the sign. */
function fill() {
  const file = openSync(ballast, "w");
  try {
    for (;;) writeSync(file, BLOCK);
  } catch (error) {
    if (error.code !== "ENOSPC") throw error;
  } finally {
    closeSync(file);
  }
}

describe("disk full for a while", () => {
  it("has room", () => call("/json?test=1"));
  it("fills it", () => {
    if (spool) fill();
  });
  for (const number of [3, 4]) it(`is full in test ${number}`, () => call(`/json?test=${number}`));
  it("empties it", () => {
    if (spool) rmSync(ballast);
  });
  it("has room again", () => call("/json?test=6"));
});
