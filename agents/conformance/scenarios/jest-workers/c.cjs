const { call } = require("../call.cjs");

describe("file c", () => {
  beforeAll(() => call("/json?before=c"));
  it("is slow", () => call("/slow?ms=30&file=c"));
  it("fails", async () => expect((await call("/503?file=c")).status).toBe(200));
});
