const { expect, it, jest } = require("@jest/globals");

it("knows what its environment saw", async () => {
  expect(globalThis.startedTest).toBe("knows what its environment saw");
  expect((await require("../call.cjs").call("/json?first")).status).toBe(200);
});
it("loads everything anew", async () => {
  jest.resetModules();
  expect((await require("../call.cjs").call("/json?second")).status).toBe(200);
});
it("loads in isolation", async () => {
  let call;
  jest.isolateModules(() => {
    ({ call } = require("../call.cjs"));
  });
  expect((await call("/json?third")).status).toBe(200);
});
it("has a mock instead of a module", () => {
  jest.doMock("node:http", () => ({ request: () => "mocked" }));
  expect(require("node:http").request("http://nowhere.invalid")).toBe("mocked");
});
