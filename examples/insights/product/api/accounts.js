// Accounts, their tokens and their projects. An address that signed up before gets its account again.
import { randomBytes, randomUUID } from "node:crypto";
import { elasticsearch } from "../dependencies.js";
import { Refusal } from "../service.js";

const search = elasticsearch();
const accounts = new Map();

export async function signUp({ body: { company, email } }) {
  const known = accounts.get(email);
  if (known) return { json: known };
  const account = {
    id: randomUUID(),
    company,
    token: `ins_${randomBytes(24).toString("hex")}`,
    project: { id: randomUUID(), name: company },
  };
  accounts.set(email, account);
  await search.index({ index: "accounts", id: account.id, document: { company, email } });
  return { status: 201, json: account };
}

/** The account to which the project of the request belongs, if the request's token says so. */
export function accountOf({ parameters: { project }, headers }) {
  for (const account of accounts.values()) {
    if (account.project.id !== project) continue;
    if (headers.authorization === `Bearer ${account.token}`) return account;
    throw new Refusal(401, "the token is not that of the project");
  }
  throw new Refusal(404, "there is no such project");
}
