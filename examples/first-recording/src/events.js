// What happens in the shop is announced on the event bus.
import axios from "axios";

export class Events {
  #bus;

  constructor(baseURL) {
    this.#bus = axios.create({ baseURL });
  }

  async announce(topic, event) {
    const { data } = await this.#bus.post(`/topics/${topic}/events`, event);
    return data.offset;
  }
}
