const { call } = require("../call.cjs");

it("fails in b", async () => expect((await call("/503")).status).toBe(200));
it("follows in b", () => call("/json"));
