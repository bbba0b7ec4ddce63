const assert = require("node:assert");
const net = require("node:net");
const { call } = require("../call.cjs");

const refusing = {
  addRequest(request) {
    process.nextTick(() => request.emit("error", Object.assign(new Error("the proxy refused"), { code: "EPROXY" })));
  },
};
const connecting = {
  addRequest(request, { host, port }) {
    request.onSocket(net.connect(port, host));
  },
};

describe("custom agent", () => {
  it("hands over a socket", async () => assert.equal((await call("/json", { agent: connecting })).status, 200));
  it("fails without a socket", () => assert.rejects(call("/json", { agent: refusing }), { code: "EPROXY" }));
});
