// Slack as a member of the team sees it.
import { LogLevel, WebClient } from "@slack/web-api";
import { eventually } from "./eventually.js";

/** The token that the company's workspace gave to the product. */
export function tokenOf(company) {
  return `xoxb-${company}-1234567890-abcdefghijklmnop`;
}

/** The newest message in the channel that speaks of something. */
export function messageAbout(word, { company, channel, ...options }) {
  const client = new WebClient(tokenOf(company), {
    slackApiUrl: `${process.env.SLACK_URL}/api/`,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  });
  const look = async () => {
    const { messages } = await client.conversations.history({ channel, limit: 10 });
    return messages.find(({ text }) => text.includes(word));
  };
  return eventually(`a message in ${channel}`, look, options);
}
