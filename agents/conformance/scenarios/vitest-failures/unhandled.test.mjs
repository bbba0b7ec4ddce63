import { it } from "vitest";

it("leaves something behind", () => {
  Promise.reject(new Error("left behind"));
  return new Promise((resolve) => setImmediate(resolve));
});
