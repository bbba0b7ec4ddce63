// Jest runs the larger of two files first.
const { call } = require("../call.cjs");

it("fails in a", async () => expect((await call("/503")).status).toBe(200));
it("follows in a", () => call("/json"));
