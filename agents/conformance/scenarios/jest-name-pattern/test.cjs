const { call } = require("../call.cjs");

it("is wanted", () => call("/json"));
it("is something else", () => call("/json?never"));
