const assert = require("node:assert");
const { call } = require("../call.cjs");

describe("sabotaged", () => {
  before(() => call("/json?before"));
  beforeEach(() => call("/json?each"));
  it("calls", async () => assert.equal((await call("/json")).status, 200));
  it("posts", async () => assert.equal((await call("/echo", { method: "POST", body: "text" })).status, 200));
  it("fetches", async () => assert.equal((await fetch(`${process.env.SERVER_URL}/stream`)).status, 200));
  it("speaks", () => console.log("spoken"));
  it("is reset", () => assert.rejects(call("/reset"), { code: "ECONNRESET" }));
  it("fails", async () => assert.equal((await call("/503")).status, 200, "unavailable"));
});
