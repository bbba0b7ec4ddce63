import assert from "node:assert/strict";
import { Events } from "../src/events.js";
import { services } from "./support/services.js";

describe("events", () => {
  it("announces a new order", async () => {
    const events = new Events(services.events);
    const offset = await events.announce("orders", { type: "placed", order: "A-1001" });
    assert.equal(offset, 1);
  });
});
