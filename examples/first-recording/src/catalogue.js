// Products are found by the search cluster. A node of it may fail; then the next one is asked.
import axios from "axios";

const TRIES = 2;

export class Catalogue {
  #search;

  constructor(baseURL) {
    this.#search = axios.create({ baseURL });
  }

  async find(words) {
    const query = { query: { match: { name: words } }, size: 10 };
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { data } = await this.#search.post("/products/_search", query);
        return data.hits.hits.map((hit) => hit._source);
      } catch (error) {
        const failedThere = error.response?.status >= 500;
        if (!failedThere || attempt === TRIES) throw error;
      }
    }
  }
}
