import assert from "node:assert/strict";
import { messageAbout, tokenOf } from "./support/slack.js";
import { User } from "./support/user.js";

describe("a Slack channel", () => {
  it("can be tried out", async () => {
    const user = await User.signUp("revoked");
    await user.put("/slack", { token: tokenOf("revoked"), channel: "C0REVOKED" });
    const { ts } = await user.post("/slack/hello");
    const message = await messageAbout("You will hear", { company: "revoked", channel: "C0REVOKED" });
    assert.equal(message.ts, ts);
  });

  it("is told when it was chosen", async function () {
    this.retries(1);
    const user = await User.signUp("hello");
    await user.put("/slack", { token: tokenOf("hello"), channel: "C0HELLO" });
    await user.post("/slack/hello");
    const message = await messageAbout("You will hear", { company: "hello", channel: "C0HELLO" });
    assert.match(message.text, /here/);
  });
});
