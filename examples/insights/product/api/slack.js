// The Slack channel in which a team wants to hear of crashes.
import { slack } from "../dependencies.js";
import { accountOf } from "./accounts.js";

/** Keeps token and channel, if Slack knows the token. */
export async function connect(request) {
  const account = accountOf(request);
  const { token, channel } = request.body;
  const { team } = await slack(token).auth.test();
  account.slack = { token, channel };
  return { json: { team, channel } };
}

export async function sayHello(request) {
  const { token, channel } = accountOf(request).slack;
  const { ts } = await slack(token).chat.postMessage({ channel, text: "You will hear of crashes here." });
  return { json: { ts } };
}
