const { call } = require("../call.cjs");

describe("exit", () => {
  it("ends", () => call("/json?test=1"));
  it("takes the process with it", async () => {
    await call("/json?test=2");
    process.exit(7);
  });
  it("never runs", () => call("/json?test=3"));
});
