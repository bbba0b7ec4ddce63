// What lies in the warehouse, and for whom it is kept.
export class Stock {
  #warehouse;

  constructor(warehouse) {
    this.#warehouse = warehouse;
  }

  async reserve(sku, count) {
    const response = await fetch(`${this.#warehouse}/items/${sku}/reservations`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ count }),
    });
    if (!response.ok) throw new Error(`${count} × ${sku} could not be reserved`);
    return (await response.json()).reservation;
  }
}
