const { call } = require("../call.cjs");

describe("phases", () => {
  beforeEach("log in", async () => {
    console.log("setting up");
    await call("/json?phase=setup");
  });
  afterEach(async () => {
    await call("/json?phase=teardown");
  });
  it("one", () => call("/json?phase=body&test=1"));
  it("two", () => call("/json?phase=body&test=2"));
});
