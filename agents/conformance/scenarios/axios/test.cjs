const assert = require("node:assert");
const axios = require("axios");

const client = axios.create({ baseURL: process.env.SERVER_URL });

describe("axios", () => {
  it("gets", async () => assert.deepEqual((await client.get("/json", { params: { page: 2 } })).data, { ok: true }));
  it("posts", async () => assert.deepEqual((await client.post("/echo", { name: "Ada" })).data, { name: "Ada" }));
  it("rejects on 429", () => assert.rejects(client.get("/429"), { message: "Request failed with status code 429" }));
  it("follows a redirect", async () => assert.deepEqual((await client.get("/redirect")).data, { ok: true }));
  it("decompresses", async () => assert.match((await client.get("/gzip")).data, /ünïcode/));
  it("times out", () => assert.rejects(client.get("/hang", { timeout: 400 }), { code: "ECONNABORTED" }));
});
