const { call } = require("../call.cjs");

describe("twins", () => {
  for (const value of [1, 2, 3]) it("has the same title", () => call(`/json?value=${value}`));
});

describe("twins", () => {
  it("has the same title", () => call("/json?value=4"));
});
