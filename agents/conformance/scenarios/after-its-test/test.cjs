const { call } = require("../call.cjs");

let late;

describe("late work", () => {
  it("leaves a call behind", () => {
    late = new Promise((resolve) => setTimeout(resolve, 20)).then(() => call("/json?late"));
  });
  it("waits for it", () => late);
});
