const { call } = require("../call.cjs");

describe("file a", () => {
  beforeAll(() => call("/json?before=a"));
  it("is slow", () => call("/slow?ms=30&file=a"));
  it("fails", async () => expect((await call("/503?file=a")).status).toBe(200));
});
