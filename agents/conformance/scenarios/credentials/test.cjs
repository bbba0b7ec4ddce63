const assert = require("node:assert");
const { call } = require("../call.cjs");

const base = process.env.SERVER_URL;
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = [part({ alg: "HS256", typ: "JWT" }), part({ sub: "1", iat: 1700000000, nbf: 1700000000, exp: 1700003600 }), "never-in-spool"].join(".");

const headers = {
  bearer: { authorization: "Bearer never-in-spool-token" },
  jwt: { authorization: `Bearer ${jwt}` },
  basic: { authorization: `Basic ${Buffer.from("ada:never-in-spool").toString("base64")}` },
  "no scheme": { authorization: "never-in-spool-bare" },
  "api key": { "X-Api-Key": "never-in-spool-key" },
  cookie: { cookie: "session=never-in-spool-1; theme=never-in-spool-2" },
  "other names": { "x-auth-token": "never-in-spool-x", "client-secret": "never-in-spool-y", "proxy-authorization": "Basic never-in-spool-z" },
};

describe("credentials", () => {
  for (const [name, value] of Object.entries(headers)) {
    it(`hides ${name}`, async () => assert.equal((await call("/unauthorized", { headers: value })).status, 401));
  }
  it("hides them under fetch", async () => assert.equal((await fetch(`${base}/unauthorized`, { headers: headers.bearer })).status, 401));
  it("hides what a url holds", async () => {
    const url = new URL(base);
    assert.equal((await call("/json", { base, auth: `ada:never-in-spool` })).status, 200, url.host);
  });
  it("hides set-cookie", async () => assert.equal((await call("/login", { method: "POST" })).status, 200));
});
