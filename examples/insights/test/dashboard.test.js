import assert from "node:assert/strict";
import { insightInto } from "./support/eventually.js";
import { crash, createFunction } from "./support/functions.js";
import { mistaken } from "./support/mistakes.js";
import { User } from "./support/user.js";

describe("the dashboard", () => {
  it("shows a crash to everybody in the team", async () => {
    const company = mistaken("dashboard", "demo");
    const [ada, grace] = await Promise.all([User.signUp(company), User.signUp(company)]);
    const name = await createFunction("crash-dashboard", ada);
    await crash(name);
    const [hers, theirs] = await Promise.all([insightInto(name, ada), insightInto(name, grace)]);
    assert.deepEqual(hers, theirs);
  });
});
