import assert from "node:assert/strict";
import { Catalogue } from "../src/catalogue.js";
import { services } from "./support/services.js";

describe("catalogue", () => {
  it("finds products by a word of their name", async () => {
    const catalogue = new Catalogue(services.search);
    const products = await catalogue.find("teapot");
    assert.deepEqual(products.map((product) => product.sku), ["TEA-1", "TEA-2"]);
  });
});
