const { call } = require("../call.cjs");

describe("fails twice", () => {
  it("by an exception and then by calling back", (done) => {
    setImmediate(() => {
      throw new Error("uncaught");
    });
    setTimeout(done, 50);
  });
  it("by calling back twice", (done) => {
    done();
    done(new Error("the second time"));
  });
  it("and the next test is not harmed", () => call("/slow?ms=100"));
});
