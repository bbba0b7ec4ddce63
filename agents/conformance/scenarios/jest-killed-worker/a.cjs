const { call } = require("../call.cjs");

it("is killed", () => call(`/kill?pid=${process.pid}`));
