const assert = require("node:assert");
const http = require("node:http");
const { call } = require("../call.cjs");

const url = `${process.env.SERVER_URL}/json`;

describe("passes", () => {
  it("synchronously", () => {});
  it("by callback", (done) => {
    http.get(url, (response) => response.resume().on("end", done));
  });
  it("by promise", () => call("/json"));
  it("by async function", async () => {
    await call("/json");
  });
});

describe("fails", () => {
  it("synchronously", () => {
    throw new TypeError("thrown");
  });
  it("by callback", (done) => {
    http.get(url, (response) => response.resume().on("end", () => done(new Error("handed over"))));
  });
  it("by rejection", () => call("/json").then(() => Promise.reject(new RangeError("rejected"))));
  it("by assertion", async () => {
    assert.equal((await call("/404")).status, 200, "wrong status");
  });
  it("by an uncaught exception", (done) => {
    void done;
    setImmediate(() => {
      throw new Error("uncaught");
    });
  });
  it("with something that is no error", () => Promise.reject("a string"));
  it("by never calling back", (done) => void done);
});
