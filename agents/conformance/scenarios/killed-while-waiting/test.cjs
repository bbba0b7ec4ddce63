const { call } = require("../call.cjs");

describe("killed", () => {
  it("has done one call", () => call("/json"));
  it("dies in the second", () => call(`/kill?pid=${process.pid}`));
});
