const { call } = require("../call.cjs");

jest.retryTimes(2);

describe("flaky", () => {
  beforeEach(() => call("/json?setup"));

  it("passes at the second try", async () => expect((await call("/flaky?key=retries")).status).toBe(200));
  it("passes at once", () => call("/json"));
  it("never passes", async () => expect((await call("/503")).status).toBe(200));
});
