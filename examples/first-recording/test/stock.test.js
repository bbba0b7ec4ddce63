import assert from "node:assert/strict";
import { Stock } from "../src/stock.js";
import { services } from "./support/services.js";

describe("stock", () => {
  it("keeps items for an order", async () => {
    const stock = new Stock(services.warehouse);
    const reservation = await stock.reserve("TEA-1", 2);
    assert.match(reservation, /^R-/);
  });
});
