const assert = require("node:assert");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { call } = require("../call.cjs");

const base = process.env.SERVER_URL_TLS;
const ca = readFileSync(join(__dirname, "../../server/test-cert.pem"));

describe("https", () => {
  it("answers", async () => assert.equal((await call("/json", { base, ca })).status, 200));
  it("posts", async () => assert.equal((await call("/echo", { base, ca, method: "POST", body: "over TLS" })).status, 200));
  it("is not trusted", () => assert.rejects(call("/json", { base }), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }));
});
