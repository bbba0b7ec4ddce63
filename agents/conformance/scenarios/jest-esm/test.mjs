import http from "node:http";
import { once } from "node:events";

const answered = async (path) => {
  const [response] = await once(http.get(new URL(path, process.env.SERVER_URL)), "response");
  response.resume();
  await once(response, "end");
  return response.statusCode;
};

describe("a module", () => {
  beforeAll(() => answered("/json?before"));
  it("calls by http", async () => expect(await answered("/json")).toBe(200));
  it("fetches", async () => expect((await fetch(`${process.env.SERVER_URL}/503`)).status).toBe(200));
});
