const { call } = require("../call.cjs");

beforeAll(() => call("/json?before"));

describe("at once", () => {
  test.concurrent("is slow", async () => {
    await call("/slow?ms=80&test=1");
    await call("/json?test=1");
  });
  test.concurrent("is slow as well", async () => {
    await call("/slow?ms=60&test=2");
    await call("/json?test=2");
  });
  test.concurrent("waits for its turn", async () => {
    await call("/json?test=3");
    console.log("in the third");
    expect((await call("/503?test=3")).status).toBe(200);
  });
  test("is alone", () => call("/json?test=4"));
});
