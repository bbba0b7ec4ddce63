import { createRequire } from "node:module";
import { beforeAll, expect, it } from "vitest";

const { call } = createRequire(import.meta.url)("../call.cjs");

beforeAll(() => call("/json?before=b"));
it("calls", () => call("/json?file=b"));
it("fails", async () => expect((await call("/503")).status).toBe(200));
