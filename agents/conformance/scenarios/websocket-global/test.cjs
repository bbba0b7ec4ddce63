const assert = require("node:assert");

const base = `ws://${process.env.SERVER_WEBSOCKET}`;

/** The next event of this name. */
const next = (socket, name) => new Promise((resolve) => socket.addEventListener(name, resolve, { once: true }));

describe("global WebSocket", () => {
  it("talks", async () => {
    const socket = new WebSocket(`${base}/echo`);
    await next(socket, "open");
    socket.send("hello");
    assert.equal((await next(socket, "message")).data, "hello");
    socket.close(1000, "done");
    assert.equal((await next(socket, "close")).code, 1000);
  });
  it("is closed for a reason", async () => {
    const { code, reason } = await next(new WebSocket(`${base}/policy`), "close");
    assert.deepEqual([code, reason], [1008, "token expired"]);
  });
  it("is refused", async () => {
    await next(new WebSocket(`${base}/nowhere`), "error");
  });
});
