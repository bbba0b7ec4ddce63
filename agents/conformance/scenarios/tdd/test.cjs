const { call } = require("../call.cjs");

suite("tdd", () => {
  suiteSetup(() => call("/json?suite-setup"));
  setup(() => call("/json?setup"));
  teardown(() => call("/json?teardown"));
  suiteTeardown(() => call("/json?suite-teardown"));
  test("works", () => call("/json?test"));
});
