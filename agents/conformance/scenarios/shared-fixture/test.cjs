const { call } = require("../call.cjs");

describe("outer", () => {
  before("start the outer thing", () => call("/json?before=outer"));
  after("stop the outer thing", () => call("/json?after=outer"));

  it("uses the outer thing", () => call("/json?test=1"));

  describe("inner", () => {
    before(() => call("/json?before=inner"));
    it("uses both", () => call("/json?test=2"));
    it("uses both again", () => call("/json?test=3"));
  });
});

describe("beside", () => {
  it("uses none", () => call("/json?test=4"));
});
