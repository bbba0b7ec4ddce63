// The clients of the services that the product uses, each in its normal configuration, and what their errors mean to
// those who use the product.
import { LambdaClient } from "@aws-sdk/client-lambda";
import { Client, errors } from "@elastic/elasticsearch";
import { LogLevel, WebClient } from "@slack/web-api";

/** The product's own credentials for AWS. */
const OWN = { accessKeyId: "AKIAINSIGHTS00000000", secretAccessKey: "insights-secret" };

/** AWS Lambda, in the product's own account or in that of a customer. */
export function lambda(credentials = OWN) {
  return new LambdaClient({ endpoint: process.env.LAMBDA_URL, region: "eu-west-1", maxAttempts: 2, credentials });
}

export function elasticsearch() {
  return new Client({ node: process.env.ELASTICSEARCH_URL, maxRetries: 0 });
}

/** Slack, in the name of the customer who gave the token. */
export function slack(token) {
  return new WebClient(token, {
    slackApiUrl: `${process.env.SLACK_URL}/api/`,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  });
}

/** Status and message with which the product passes on that something it needs has failed. */
export function explain(error) {
  if (error instanceof errors.TimeoutError) return { status: 504, message: `Elasticsearch: ${error.message}` };
  if (error instanceof errors.ElasticsearchClientError) return { status: 502, message: `Elasticsearch: ${error.message}` };
  if (error.code?.startsWith("slack_")) return { status: 502, message: `Slack: ${error.data?.error ?? error.message}` };
  if (error.$metadata) return { status: 502, message: `AWS Lambda: ${error.message || error.name}` };
  return { status: 500, message: error.message };
}
