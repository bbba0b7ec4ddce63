const assert = require("node:assert");
const express = require("express");
const supertest = require("supertest");
const { call } = require("../call.cjs");

const app = express();
app.use(express.json());
app.get("/users/:id", (request, response) => response.json({ id: request.params.id }));
app.post("/users", (request, response) => response.status(201).json(request.body));
app.get("/through", async (request, response) => response.status((await call("/503")).status).end());

describe("supertest", () => {
  it("gets", () => supertest(app).get("/users/7?full=1").expect(200, { id: "7" }));
  it("posts", () => supertest(app).post("/users").send({ name: "Ada" }).expect(201, { name: "Ada" }));
  it("calls through the app", () => supertest(app).get("/through").expect(503));
  it("finds nothing", async () => assert.equal((await supertest(app).get("/nowhere")).status, 404));
});
