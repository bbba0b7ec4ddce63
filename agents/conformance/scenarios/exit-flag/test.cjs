const { call } = require("../call.cjs");

describe("exit", () => {
  it("leaves work behind", async () => {
    setInterval(() => {}, 1000);
    call("/hang").catch(() => {});
    await call("/json");
  });
});
