const { call } = require("../call.cjs");

describe("killed", () => {
  it("dies while it waits", () => call(`/kill?pid=${process.pid}`, { method: "POST", headers: { "content-type": "text/plain" }, body: "the order" }));
});
