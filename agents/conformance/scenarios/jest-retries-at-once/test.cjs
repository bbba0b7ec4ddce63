const { call } = require("../call.cjs");

jest.retryTimes(1, { retryImmediately: true, logErrorsBeforeRetry: true });

it("passes at the second try", async () => expect((await call("/flaky?key=at-once")).status).toBe(200));
it("follows", () => call("/json"));
