// One test that does nothing, for runners that load ES modules.
it("passes", () => {});
