describe("a block that throws", () => {
  it("never runs", () => {});
  throw new RangeError("while it was described");
});
