const assert = require("node:assert");
const { once } = require("node:events");
const Ws = require("ws");

const base = `ws://${process.env.SERVER_WEBSOCKET}`;

/** Waits for an event of either kind of WebSocket. */
const event = (socket, name) => new Promise((resolve) => (socket.addEventListener(name, resolve, { once: true })));

describe("websocket", () => {
  it("talks with ws", async () => {
    const socket = new Ws(`${base}/echo`, { perMessageDeflate: false, headers: { authorization: "Bearer never-in-spool" } });
    await once(socket, "open");
    socket.send('{"say":"hello"}');
    assert.equal(String((await once(socket, "message"))[0]), '{"say":"hello"}');
    socket.send(Buffer.from([0, 1, 255]));
    await once(socket, "message");
    socket.send("x".repeat(100_000));
    assert.equal((await once(socket, "message"))[0].length, 100_000);
    socket.close(1000, "done");
    assert.equal((await once(socket, "close"))[0], 1000);
  });
  it("talks compressed", async () => {
    const socket = new Ws(`${base}/echo`);
    await once(socket, "open");
    socket.send("compressed ".repeat(100));
    assert.equal((await once(socket, "message"))[0].length, 1100);
    socket.close();
    await once(socket, "close");
  });
  it("is sent many messages and is closed", async () => {
    const socket = new Ws(`${base}/many`, { perMessageDeflate: false });
    let count = 0;
    socket.on("message", () => (count += 1));
    const [code, reason] = await once(socket, "close");
    assert.deepEqual([count, code, String(reason)], [40, 1000, "that is all"]);
  });
  it("is closed for a reason", async () => {
    const [code] = await once(new Ws(`${base}/policy`), "close");
    assert.equal(code, 1008);
  });
  it("is cut", async () => {
    const socket = new Ws(`${base}/cut`, { perMessageDeflate: false });
    socket.on("error", () => {});
    await once(socket, "open");
    socket.send("go");
    assert.equal((await once(socket, "close"))[0], 1006);
  });
  it("is refused", async () => {
    const [error] = await once(new Ws(`${base}/nowhere`), "error");
    assert.match(error.message, /403/);
  });
  it("waits for a message that never comes", async function waits() {
    this.timeout(150);
    const socket = new Ws(`${base}/echo`, { perMessageDeflate: false });
    await once(socket, "open");
    socket.send("1");
    await once(socket, "message");
    await once(socket, "message");
  });
});
