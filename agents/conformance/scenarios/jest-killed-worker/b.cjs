const { call } = require("../call.cjs");

it("is not harmed", () => call("/json"));
