import assert from "node:assert";
import http, { get } from "node:http";
import { createRequire } from "node:module";

const { call } = createRequire(import.meta.url)("../call.cjs");
const url = `${process.env.SERVER_URL}/json`;
const status = (start) => new Promise((resolve, reject) => start((response) => response.resume().on("end", () => resolve(response.statusCode))).on("error", reject));

describe("modules", () => {
  it("sees a named import", async () => {
    assert.equal(await status((answer) => get(url, answer)), 200);
  });
  it("sees a default import", async () => {
    assert.equal(await status((answer) => http.get(url, answer)), 200);
  });
  it("sees a CommonJS helper", async () => {
    assert.equal((await call("/json")).status, 200);
  });
});
