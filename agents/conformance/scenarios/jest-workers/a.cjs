const { call } = require("../call.cjs");

describe("file a", () => {
  beforeAll(() => call("/json?before=a", { agent: false }));
  it("is slow", () => call("/slow?ms=30&file=a", { agent: false }));
  it("fails", async () => expect((await call("/503?file=a", { agent: false })).status).toBe(200));
});
