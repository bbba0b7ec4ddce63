const { call } = require("../call.cjs");

describe("skips", () => {
  it("is pending");
  it.skip("is skipped", () => {});
  it("skips itself", function () {
    this.skip();
  });
  it("skips itself after a call", async function () {
    await call("/json");
    this.skip();
  });
  describe.skip("a skipped suite", () => {
    it("never runs", () => {});
  });
  describe("a suite whose hook skips", () => {
    before(function () {
      this.skip();
    });
    it("is skipped by the hook", () => {});
  });
  describe("a suite whose beforeEach skips", () => {
    beforeEach(function () {
      this.skip();
    });
    it("is skipped by the hook of each", () => {});
  });
  it("runs", () => call("/json"));
});
