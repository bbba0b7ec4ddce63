import assert from "node:assert/strict";
import { insightInto } from "./support/eventually.js";
import { crash, createFunction } from "./support/functions.js";
import { messageAbout, tokenOf } from "./support/slack.js";
import { User } from "./support/user.js";

/** Looks that a test which must be quick allows for: about three seconds. */
const SOON = { looks: 30 };

describe("crashes", () => {
  it("show up as insights", async () => {
    const user = await User.signUp("acme");
    const name = await createFunction("crash-first", user);
    await crash(name);
    const insight = await insightInto(name, user);
    const [{ crashes }, { points }, project] = await Promise.all([
      user.get("/summary"),
      user.get("/timeline"),
      user.get(""),
    ]);
    assert.equal(insight.kind, "TypeError");
    assert.equal(insight.runtime, "nodejs22.x");
    assert.equal(crashes, 1);
    assert.equal(points.length, 1);
    assert.equal(project.name, "acme");
  });

  it("show up when several functions crash at once", async () => {
    const user = await User.signUp("burst");
    const names = await Promise.all([1, 2, 3].map((one) => createFunction(`crash-${one === 2 ? "burst" : "steady"}`, user)));
    await Promise.all(names.map((name) => crash(name)));
    const insights = await Promise.all(names.map((name) => insightInto(name, user)));
    assert.deepEqual(insights.map((insight) => insight.function), names);
  });

  it("show up soon after the function has ended", async () => {
    const user = await User.signUp("late");
    const name = await createFunction("crash-late", user);
    await crash(name);
    const insight = await insightInto(name, user, SOON);
    assert.equal(insight.function, name);
  });

  it("are kept when a node of the search cluster fails", async () => {
    const user = await User.signUp("resilient");
    const name = await createFunction("crash-kept", user);
    await crash(name);
    const insight = await insightInto(name, user);
    assert.equal(insight.function, name);
  });

  it("are told to the team", async () => {
    const user = await User.signUp("team");
    await user.put("/slack", { token: tokenOf("team"), channel: "C0TEAM" });
    const name = await createFunction("crash-told", user);
    await crash(name);
    const [insight, message] = await Promise.all([
      insightInto(name, user),
      messageAbout(name, { company: "team", channel: "C0TEAM" }),
    ]);
    assert.ok(message.text.endsWith(insight.message));
  });

  it("are told to a team that rotates its tokens", async () => {
    const user = await User.signUp("rotated");
    await user.put("/slack", { token: tokenOf("rotated"), channel: "C0ROTATED" });
    const name = await createFunction("crash-rotated", user);
    await crash(name);
    await insightInto(name, user);
    const message = await messageAbout(name, { company: "rotated", channel: "C0ROTATED", ...SOON });
    assert.match(message.text, /TypeError/);
  });
});
