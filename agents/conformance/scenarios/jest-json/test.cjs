const { call } = require("../call.cjs");

jest.retryTimes(1, { logErrorsBeforeRetry: true });

beforeAll(() => call("/json?before"));
it("passes", () => call("/json"));
it("fails", async () => expect((await call("/503")).status).toBe(200));
it("fails deeper down", async () => {
  await Promise.all([call("/json"), (async () => expect((await call("/404")).status).toBe(200))()]);
});
it.todo("is to be written");
