// Who the customer is, says the identity service.
export class Customers {
  #identity;

  constructor(identity) {
    this.#identity = identity;
  }

  /** Gives a token for the customer's name and password. */
  async logIn(name, password) {
    const body = new URLSearchParams({ grant_type: "password", username: name, password });
    const { access_token } = await this.#json("/token", { method: "POST", body });
    return access_token;
  }

  /** Gives the customer to whom the token was given. */
  async behind(token) {
    return this.#json("/userinfo", { headers: { authorization: `Bearer ${token}` } });
  }

  async #json(path, options) {
    const response = await fetch(this.#identity + path, options);
    if (!response.ok) throw new Error(`identity answered ${response.status} to ${path}`);
    return response.json();
  }
}
