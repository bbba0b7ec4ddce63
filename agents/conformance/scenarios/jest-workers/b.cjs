const { call } = require("../call.cjs");

describe("file b", () => {
  beforeAll(() => call("/json?before=b"));
  it("is slow", () => call("/slow?ms=30&file=b"));
  it("fails", async () => expect((await call("/503?file=b")).status).toBe(200));
});
