// A suite as the founding article has them: parallel users of a product, each test in a span of its own.
"use strict";
const assert = require("node:assert/strict");
const { fork } = require("node:child_process");
const { once } = require("node:events");
const axios = require("axios");
const pino = require("pino");
const winston = require("winston");
const { asPrinted, traced } = require("./traced.cjs");

let product, port;
before(async () => {
  product = fork("./product.cjs");
  [port] = await once(product, "message");
});
after(async () => {
  product.disconnect();
  await once(product, "exit");
});

const api = (host = "localhost") => axios.create({ baseURL: `http://${host}:${port}`, validateStatus: () => true });

traced("signs up", async () => {
  const form = new URLSearchParams({ user: "bob", password: "hunter2hunter2" });
  const headers = { authorization: "Bearer t0k3nt0k3nt0k3n", "x-request-source": "integration" };
  const answer = await api().post("/users?api_key=k3yk3yk3yk3y&plan=free", form, { headers });
  assert.equal(answer.data.id, "u-1");
});

traced("invokes a function", async () => {
  const answer = await api().post("/functions/invoke", { name: "resize", secret: "s3cr3ts3cr3t" });
  assert.equal(answer.status, 200);
});

traced("says what it does", async (span) => {
  const log = winston.createLogger({ transports: [new winston.transports.Console()] });
  log.info("winston speaks", { order: "o-17", password: "w1nst0nw1nst0n" });
  pino().error({ order: "o-18", password: "p1n0p1n0p1n0" }, "pino speaks");
  span.addEvent("no stock for o-17", { "lumigo.type": "StockError" });
  await api().get("/health");
});

traced("asks where the endpoint is", async () => {
  await api("127.0.0.1").get("/health");
});

asPrinted("is wrapped as it is printed", async () => {
  await api().get("/health");
});
