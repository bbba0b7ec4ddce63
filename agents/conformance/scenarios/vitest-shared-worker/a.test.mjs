import { createRequire } from "node:module";
import { beforeAll, expect, it } from "vitest";

const { call } = createRequire(import.meta.url)("../call.cjs");

beforeAll(() => call("/json?before=a"));
it("calls", () => call("/json?file=a"));
it("fails", async () => expect((await call("/503")).status).toBe(200));
