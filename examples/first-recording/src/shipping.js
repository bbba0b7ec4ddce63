// What it costs to send a parcel, says the carrier. A customer does not wait longer than a second for that.
import axios from "axios";

export class Shipping {
  #carrier;

  constructor(baseURL) {
    this.#carrier = axios.create({ baseURL, timeout: 1000 });
  }

  async quote(parcel) {
    const { data } = await this.#carrier.post("/quotes", parcel, { headers: { "x-api-key": "carrier-key-3141" } });
    return data.cents;
  }
}
