const fails = () => {
  throw new Error("the hook failed");
};

describe("before all", () => {
  before(fails);
  it("is left out");
  it("is left out too", () => {});
  it("is unwanted", () => {});
  describe("nested", () => {
    it("is left out as well", () => {});
    it.skip("is skipped anyway", () => {});
  });
});

describe("before each", () => {
  let calls = 0;
  beforeEach(() => ++calls === 2 && fails());
  it("ran before", () => {});
  it("meets the failure", () => {});
  it("is left out", () => {});
  describe("nested", () => {
    it("is left out as well", () => {});
  });
});

describe("after each", () => {
  describe("nested", () => {
    it("ran before", () => {});
    it("is left out", () => {});
  });
  afterEach(fails);
  describe("nested beside it", () => {
    it("is left out as well", () => {});
  });
});

describe("after all", () => {
  after(fails);
  it("ran before", () => {});
});

describe("the last", () => {
  it("runs all the same", () => {});
});
