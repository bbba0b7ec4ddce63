it("stands alone", () => {});

describe("a", () => {
  describe("b", () => {
    describe("c › d", () => {
      it("is deep", () => {});
    });
    it("stands \"between\"\n\u001b[31mlevels", () => {});
  });
  it("is shallow", () => {});
});
