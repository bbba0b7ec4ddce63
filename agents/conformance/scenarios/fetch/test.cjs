const assert = require("node:assert");

const base = process.env.SERVER_URL;

describe("fetch", () => {
  it("gets json", async () => assert.deepEqual(await (await fetch(`${base}/json`)).json(), { ok: true }));
  it("posts json", async () => {
    const response = await fetch(`${base}/echo`, { method: "POST", headers: { "content-type": "application/json" }, body: '{"a":1}' });
    assert.deepEqual(await response.json(), { a: 1 });
  });
  it("posts a form", async () => {
    const response = await fetch(`${base}/count`, { method: "POST", body: new URLSearchParams({ name: "Ada", age: "36" }) });
    assert.deepEqual(await response.json(), { bytes: 15 });
  });
  it("takes a Request", async () => {
    const request = new Request(`${base}/echo`, { method: "PUT", body: "text" });
    assert.equal(await (await fetch(request)).text(), "text");
  });
  it("sends a stream", async () => {
    const body = new ReadableStream({
      start(controller) {
        for (const part of ["one ", "two"]) controller.enqueue(new TextEncoder().encode(part));
        controller.close();
      },
    });
    assert.equal(await (await fetch(`${base}/echo`, { method: "POST", body, duplex: "half" })).text(), "one two");
  });
  it("never reads the answer", async () => assert.equal((await fetch(`${base}/json?unread`)).status, 200));
  it("is answered 503", async () => assert.equal((await fetch(`${base}/503`)).status, 503));
});
