const assert = require("node:assert");
const http = require("node:http");
const { call } = require("../call.cjs");

const url = `${process.env.SERVER_URL}/hang`;

describe("patience", () => {
  it("ends with the request's timeout", (done) => {
    const request = http.get(url, { timeout: 1500 });
    request.on("timeout", () => request.destroy(new Error("gave up")));
    request.on("error", (error) => {
      assert.equal(error.message, "gave up");
      done();
    });
  });
  it("ends with destroy", (done) => {
    const request = http.get(url);
    request.on("socket", (socket) => socket.once("connect", () => setImmediate(() => request.destroy())));
    request.on("error", () => done());
  });
  it("ends with a signal", async () => {
    await assert.rejects(call("/hang", { signal: AbortSignal.timeout(1500) }), { name: "AbortError" });
  });
  it("ends with a signal to fetch", async () => {
    await assert.rejects(fetch(url, { signal: AbortSignal.timeout(1500) }), { name: "TimeoutError" });
  });
});
