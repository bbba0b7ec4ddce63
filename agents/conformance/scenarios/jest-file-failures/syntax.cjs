it("is not closed", () => {
