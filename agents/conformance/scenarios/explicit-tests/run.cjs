const { step, test } = require("../../../node/api.cjs");
const { call } = require("../call.cjs");

async function main() {
  await call("/json?before");
  await test("checkout", () => step("pay", () => call("/json?pay")));
  await test("refund", async () => {
    await call("/503");
    throw new Error("no refund");
  }).catch(() => {});
}

main();
