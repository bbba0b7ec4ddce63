const { call } = require("../call.cjs");

describe("budgets", () => {
  it("cuts a long body", () => call("/gzip"));
  it("leaves out the fourth", async () => {
    for (const number of [1, 2, 3, 4, 5]) await call("/echo", { method: "POST", body: "x".repeat(60 + number) });
  });
  it("begins anew", () => call("/json"));
  it("speaks unheard", () => console.log("not recorded"));
});
