const { call } = require("../call.cjs");

it("is not the one", () => call("/json?never"));
it.only("is the only one", () => call("/json?only"));
