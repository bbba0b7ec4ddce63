import assert from "node:assert/strict";
import { insightInto } from "./support/eventually.js";
import { crash, createFunction } from "./support/functions.js";
import { mistaken } from "./support/mistakes.js";
import { User } from "./support/user.js";

describe("an export", () => {
  it("holds the insights of the project and no others", async () => {
    const user = await User.signUp(mistaken("export", "demo"));
    const name = await createFunction("crash-export", user);
    await crash(name);
    await insightInto(name, user);
    const { insights } = await user.get("/insights");
    assert.deepEqual(insights.map((insight) => insight.function), [name]);
  });
});
