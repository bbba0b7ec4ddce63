const { call } = require("../call.cjs");

it("runs all the same", () => call("/json"));
