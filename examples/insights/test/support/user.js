// A user of the product: signs up and does everything else with the token that comes of it.

export class User {
  #account;

  /** Signs up through the API, as everybody does. An address that signed up before gets its account again. */
  static async signUp(company) {
    const user = new User();
    user.#account = await user.#call("POST", "/signup", { company, email: `qa@${company}.test` });
    return user;
  }

  /** What a function must know to report its crashes to this user's project. */
  get reporting() {
    const { token, project } = this.#account;
    return { INSIGHTS_URL: `${process.env.API_URL}/projects/${project.id}/crashes`, INSIGHTS_TOKEN: token };
  }

  get(path) {
    return this.getFrom(this, path);
  }

  /** Tries to get something of another user's project. */
  getFrom(other, path) {
    return this.#call("GET", other.#ofProject(path));
  }

  post(path, body) {
    return this.#call("POST", this.#ofProject(path), body);
  }

  put(path, body) {
    return this.#call("PUT", this.#ofProject(path), body);
  }

  patch(path, body) {
    return this.#call("PATCH", this.#ofProject(path), body);
  }

  /** The insights into the crashes of a function. */
  async insightsInto(name) {
    const { insights } = await this.get(`/insights?function=${name}`);
    return insights;
  }

  #ofProject(path) {
    return `/projects/${this.#account.project.id}${path}`;
  }

  async #call(method, path, body) {
    const headers = { "content-type": "application/json" };
    if (this.#account) headers.authorization = `Bearer ${this.#account.token}`;
    const response = await fetch(process.env.API_URL + path, { method, headers, body: JSON.stringify(body) });
    const json = await response.json();
    if (!response.ok) throw new Error(`${method} ${path.split("/").at(-1)} was answered ${response.status}: ${json.error}`);
    return json;
  }
}
