const { call } = require("../call.cjs");

describe("skips", () => {
  beforeAll(() => call("/json?never"));
  it.todo("is to be written");
  it.skip("is skipped", () => call("/json?never"));
  describe.skip("a skipped block", () => {
    beforeAll(() => call("/json?never"));
    it("never runs", () => call("/json?never"));
  });
});

it("runs", () => call("/json"));
