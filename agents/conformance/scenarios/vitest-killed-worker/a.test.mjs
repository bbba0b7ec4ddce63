import { createRequire } from "node:module";
import { it } from "vitest";

const { call } = createRequire(import.meta.url)("../call.cjs");

it("has done one call", () => call("/json"));
it("dies in the second", () => call(`/kill?pid=${process.pid}`, { method: "POST", headers: { "content-type": "text/plain" }, body: "the order" }));
