import assert from "node:assert/strict";
import { Invoices } from "../src/invoices.js";
import { services } from "./support/services.js";

describe("invoices", () => {
  it("renders the invoice of an order", async () => {
    const invoices = new Invoices(services.lambda);
    const invoice = await invoices.render({ number: "A-1001", cents: 4480 });
    assert.equal(invoice.pages, 1);
  });
});
