import assert from "node:assert/strict";
import { Customers } from "../src/customers.js";
import { services } from "./support/services.js";

describe("customers", () => {
  let customers;
  let token;

  before("log in", async () => {
    customers = new Customers(services.identity);
    token = await customers.logIn("ada", "correct horse battery staple");
  });

  it("are known by their token", async () => {
    const customer = await customers.behind(token);
    assert.equal(customer.name, "Ada");
  });
});
