import assert from "node:assert/strict";
import { Shipping } from "../src/shipping.js";
import { services } from "./support/services.js";

describe("shipping", () => {
  it("quotes what a parcel costs", async () => {
    const shipping = new Shipping(services.carrier);
    const cents = await shipping.quote({ grams: 1200, country: "NL" });
    assert.equal(cents, 490);
  });
});
