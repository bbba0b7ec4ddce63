const { call } = require("../call.cjs");

describe("file c", () => {
  beforeAll(() => call("/json?before=c", { agent: false }));
  it("is slow", () => call("/slow?ms=30&file=c", { agent: false }));
  it("fails", async () => expect((await call("/503?file=c", { agent: false })).status).toBe(200));
});
