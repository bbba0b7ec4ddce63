// The shop's orders.
import axios from "axios";

export class Orders {
  #orders;

  constructor(baseURL) {
    this.#orders = axios.create({ baseURL });
  }

  async open() {
    const { data } = await this.#orders.get("/orders", { params: { state: "open" } });
    return data;
  }

  /** Gives the order, or nothing when there is none with this number. */
  async find(number) {
    const { status, data } = await this.#orders.get(`/orders/${number}`, {
      validateStatus: (code) => code === 200 || code === 404,
    });
    return status === 200 ? data : undefined;
  }
}

/** What the customer pays for an order, in cents. */
export function total(order) {
  const items = order.lines.reduce((sum, line) => sum + line.count * line.cents, 0);
  return items + order.shippingCents;
}
