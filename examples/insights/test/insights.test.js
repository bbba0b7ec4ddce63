import assert from "node:assert/strict";
import { insightInto } from "./support/eventually.js";
import { crash, createFunction } from "./support/functions.js";
import { mistaken } from "./support/mistakes.js";
import { User } from "./support/user.js";

describe("insights", () => {
  it("can be searched by words of the message", async () => {
    const user = await User.signUp("searching");
    const name = await createFunction("crash-searched", user);
    await crash(name, { type: "PaymentError", message: "card was declined" });
    await insightInto(name, user);
    const { insights } = await user.get("/insights?words=declined");
    assert.deepEqual(insights.map((insight) => insight.function), [name]);
  });

  it("are shown on a timeline", async () => {
    const user = await User.signUp("timeline");
    const name = await createFunction("crash-timeline", user);
    await crash(name);
    await insightInto(name, user);
    const { points } = await user.get("/timeline");
    assert.equal(points.length, 1);
  });

  it("are counted", async () => {
    const user = await User.signUp("counting");
    const name = await createFunction("crash-counted", user);
    await crash(name);
    await insightInto(name, user);
    const { crashes } = await user.get("/summary");
    assert.equal(crashes, 1);
  });

  it("are rated by what went wrong", async () => {
    const user = await User.signUp("rating");
    const name = await createFunction("crash-rated", user);
    await crash(name, { type: "Runtime.OutOfMemory", message: "memory size: 128 MB, max memory used: 129 MB" });
    const { severity } = await insightInto(name, user);
    assert.equal(severity, "critical");
  });

  it("name the line that failed", async () => {
    const user = await User.signUp("lines");
    const name = await createFunction("crash-line", user);
    await crash(name);
    const { line } = await insightInto(name, user);
    assert.equal(line, mistaken(7, 11));
  });
});
