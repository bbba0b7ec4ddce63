const { call } = require("../call.cjs");

describe("file b", () => {
  beforeAll(() => call("/json?before=b", { agent: false }));
  it("is slow", () => call("/slow?ms=30&file=b", { agent: false }));
  it("fails", async () => expect((await call("/503?file=b", { agent: false })).status).toBe(200));
});
