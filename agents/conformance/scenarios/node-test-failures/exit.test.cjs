const { test } = require("node:test");
const { call } = require("../call.cjs");

test("calls", () => call("/json?exit"));
test("exits", () => process.exit(7));
