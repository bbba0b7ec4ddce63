describe("talkative", () => {
  it("says more than anybody reads", () => {
    for (let line = 0; line < 300; line += 1) console.log("x".repeat(9_999));
  });
  it("says little", () => console.log("heard"));
});
