// Elasticsearch, as far as the product uses it: indexing a document, and searching by terms and words.
import { schedule } from "./schedule.js";
import { serve } from "./stand-in.js";

const HEADERS = { "x-elastic-product": "Elasticsearch", "content-type": "application/vnd.elasticsearch+json;compatible-with=9" };

class Elasticsearch {
  #indices = new Map();
  #failedOnce = new Set();
  #waiting = [];

  async answer({ method, path, body, gone }) {
    const [, index, api, id] = path.split("/");
    const answer =
      method === "PUT" && api === "_doc"
        ? this.#index(index, id, JSON.parse(body))
        : await this.#search(index, JSON.parse(body), gone);
    return answer && { ...answer, headers: HEADERS };
  }

  #index(index, id, document) {
    if (this.#failsToIndex(index, document.company)) {
      return failure(500, "process_cluster_event_timeout_exception", "failed to process cluster event within 30s");
    }
    const documents = this.#documents(index);
    const result = documents.has(id) ? "updated" : "created";
    documents.set(id, document);
    for (const look of this.#waiting.splice(0)) look();
    return { status: result === "created" ? 201 : 200, json: { _index: index, _id: id, _version: 1, result } };
  }

  async #search(index, { query, sort }, gone) {
    const terms = Object.assign({}, ...query.bool.filter.map(({ term }) => term));
    const words = query.bool.must?.[0].match.message;
    if (terms.company === schedule.failsToSearch && words) {
      return failure(500, "search_phase_execution_exception", "all shards failed");
    }
    if (terms.company === schedule.answersTooLate && sort) await gone;
    if (terms.company === schedule.waitsForTheOtherTest && !terms.function) {
      await this.#until(() => this.#find(index, terms).length > 1);
    }
    const hits = this.#find(index, terms, words);
    const oldShape = terms.company === schedule.countsInTheOldShape;
    const total = oldShape ? hits.length : { value: hits.length, relation: "eq" };
    return { json: { took: 2, timed_out: false, _shards: { total: 1, successful: 1, skipped: 0, failed: 0 }, hits: { total, hits } } };
  }

  #find(index, terms, words = "") {
    const matches = ([, document]) =>
      Object.entries(terms).every(([field, value]) => document[field] === value) && (document.message ?? "").includes(words);
    return [...this.#documents(index)].filter(matches).map(([_id, _source]) => ({ _index: index, _id, _source }));
  }

  #documents(index) {
    if (!this.#indices.has(index)) this.#indices.set(index, new Map());
    return this.#indices.get(index);
  }

  #failsToIndex(index, company) {
    if (index !== "insights" || company !== schedule.failsToIndexOnce) return false;
    const first = !this.#failedOnce.has(company);
    this.#failedOnce.add(company);
    return first;
  }

  /** Waits for documents to come until there are those that are asked for. */
  async #until(condition) {
    while (!condition()) await new Promise((resolve) => this.#waiting.push(resolve));
  }
}

const elasticsearch = new Elasticsearch();
await serve("127.0.0.12", (request) => elasticsearch.answer(request));

function failure(status, type, reason) {
  return { status, json: { error: { root_cause: [{ type, reason }], type, reason }, status } };
}
