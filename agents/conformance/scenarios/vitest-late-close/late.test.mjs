import http from "node:http";
import { afterAll, test } from "vitest";

/** Some of it is later than the end of the file, and earlier than the end of its worker. */
const LATER_MS = [1, 3, 5, 7, 9, 11];

afterAll(() => {
  for (const later of LATER_MS) {
    setTimeout(() => {
      const server = http.createServer().listen(0, "127.0.0.1", () => server.close());
    }, later);
  }
});

test("calls nobody", () => {});
