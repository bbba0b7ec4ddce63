console.log("before any test");

describe("console", () => {
  it("speaks in all levels", () => {
    console.debug("debug %d", 1);
    console.log("log", { a: [1, 2] });
    console.info("info");
    console.warn("warn");
    console.error("error", new Error("with a cause").message);
    console.log("two\nlines and \u001b[31mred");
  });
  it("speaks later", async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    console.log("after a pause");
  });
});
