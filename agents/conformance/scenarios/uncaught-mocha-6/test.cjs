const { call } = require("../call.cjs");

/** Throws where no test can catch it. */
const uncaught = (message) =>
  setImmediate(() => {
    throw new Error(message);
  });

describe("outer", () => {
  describe("uncaught in before", () => {
    before((done) => {
      void done;
      uncaught("in before");
    });
    it("never runs", () => call("/json?never"));
  });

  describe("uncaught in beforeEach", () => {
    beforeEach((done) => {
      void done;
      uncaught("in beforeEach");
    });
    it("never gets to its body", () => call("/json?never"));
    it("never runs", () => call("/json?never"));
  });

  describe("uncaught in afterEach", () => {
    afterEach((done) => {
      void done;
      uncaught("in afterEach");
    });
    it("passes", () => call("/json?passes"));
    it("never runs", () => call("/json?never"));
  });
});

describe("uncaught after a synchronous hook", () => {
  before(() => uncaught("after the hook"));
  it("is under way when it fails", () => call("/slow?ms=50"));
  it("is the next", () => call("/json?next"));
});

describe("uncaught after a synchronous test", () => {
  it("is over before it fails", () => uncaught("after the test"));
  it("is the next", () => call("/json?next"));
});

describe("beside", () => {
  it("is perhaps not reached", () => call("/json?beside"));
});
