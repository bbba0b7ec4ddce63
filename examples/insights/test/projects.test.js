import assert from "node:assert/strict";
import { User } from "./support/user.js";

describe("projects", () => {
  it("are shown with their new name at once", async () => {
    const user = await User.signUp("renamed");
    const { name } = await user.get("");
    assert.equal(name, "renamed");
    await user.patch("", { name: "checkout" });
    const project = await user.get("");
    assert.equal(project.name, "checkout");
  });

  it("of others cannot be seen", async () => {
    const [user, other] = await Promise.all([User.signUp("mine"), User.signUp("theirs")]);
    await assert.rejects(user.getFrom(other, "/insights"), /401: the token is not that of the project/);
  });
});
