import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { it } from "vitest";

const { call } = createRequire(import.meta.url)("../call.cjs");

it("has done one call", () => call("/json"));
it("dies in the second", async () => {
  await call("/slow?ms=400");
  // Vitest tells its main process from time to time only; what has not got there is not in its output.
  while (!existsSync(join(process.env.WORK, "heard"))) await pause(10);
  await call(`/kill?pid=${process.pid}`, { method: "POST", headers: { "content-type": "text/plain" }, body: "the order" });
});
