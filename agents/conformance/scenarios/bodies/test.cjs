const assert = require("node:assert");
const { call } = require("../call.cjs");

const base = process.env.SERVER_URL;
const ways = {
  "node:http": async (path, options) => (await call(path, options)).status,
  fetch: async (path, options) => {
    const response = await fetch(base + path, options);
    await response.arrayBuffer();
    return response.status;
  },
};

for (const [name, request] of Object.entries(ways)) {
  describe(name, () => {
    for (const path of ["/binary", "/gzip", "/br", "/stream", "/trailers"]) {
      it(`gets ${path}`, async () => assert.equal(await request(path), 200));
    }
    it("gets nothing", async () => assert.equal(await request("/204"), 204));
    it("asks for the head only", async () => assert.equal(await request("/gzip", { method: "HEAD" }), 200));
    it("sends text", async () => {
      assert.equal(await request("/echo", { method: "PUT", headers: { "content-type": "text/plain; charset=utf-8" }, body: "ünïcode" }), 200);
    });
    it("sends bytes", async () => {
      const headers = { "content-type": "application/octet-stream" };
      assert.equal(await request("/echo", { method: "POST", headers, body: Buffer.from([0, 255, 254, 10]) }), 200);
    });
  });
}

describe("a body that lies about its coding", () => {
  it("is read as it came", async () => assert.equal(String((await call("/broken-gzip")).body), "this is not gzip"));
});
