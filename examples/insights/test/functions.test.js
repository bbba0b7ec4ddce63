import assert from "node:assert/strict";
import { createFunction } from "./support/functions.js";
import { User } from "./support/user.js";

/** Credentials of a role, which AWS gives for an hour. */
function temporary(accessKeyId) {
  return { accessKeyId, secretAccessKey: `${accessKeyId}-secret`, sessionToken: `${accessKeyId}-session` };
}

describe("functions", () => {
  it("can be connected to a project", async () => {
    const user = await User.signUp("connect");
    const name = await createFunction("crash-connect", user);
    const connected = await user.post("/functions", { name });
    assert.deepEqual(connected, { name, runtime: "nodejs22.x" });
  });

  it("that do not exist cannot be connected", async () => {
    const user = await User.signUp("nothing");
    await assert.rejects(user.post("/functions", { name: "never-made" }), /404: there is no such function/);
  });

  it("of another account can be connected", async () => {
    const user = await User.signUp("partner");
    await user.put("/aws", temporary("ASIAPARTNERACCOUNT00"));
    const name = await createFunction("crash-partner", user);
    const connected = await user.post("/functions", { name });
    assert.equal(connected.name, name);
  });

  it("of another account are suggested", async () => {
    const user = await User.signUp("suggestions");
    await user.put("/aws", temporary("ASIASUGGESTIONS00000"));
    const name = await createFunction("crash-suggested", user);
    const { functions } = await user.get("/functions");
    assert.ok(functions.some((suggested) => suggested.name === name));
  });
});
