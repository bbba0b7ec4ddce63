const { test } = require("node:test");
const { call } = require("../call.cjs");

test("is killed", () => call(`/kill?pid=${process.pid}`, { method: "POST", headers: { "content-type": "text/plain" }, body: "the order" }));
