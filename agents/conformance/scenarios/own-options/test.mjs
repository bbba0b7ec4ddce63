import assert from "node:assert";
import { get } from "node:http";
import { answer } from "virtual:answer";

const status = (path) => new Promise((resolve, reject) => get(process.env.SERVER_URL + path, (response) => response.resume().on("end", () => resolve(response.statusCode))).on("error", reject));

describe("own options", () => {
  it("are all in force", () => assert.deepEqual([globalThis.required, globalThis.imported, answer], [true, true, 42]));
  it("calls with node:http", async () => assert.equal(await status("/json?http"), 200));
  it("calls with fetch", async () => assert.equal((await fetch(`${process.env.SERVER_URL}/json?fetch`)).status, 200));
});
