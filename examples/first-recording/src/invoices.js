// Invoices are rendered by a function on AWS Lambda.
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

export class Invoices {
  #lambda;

  constructor(endpoint) {
    this.#lambda = new LambdaClient({
      endpoint,
      region: "eu-west-1",
      maxAttempts: 2,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  }

  async render(order) {
    const answer = await this.#lambda.send(
      new InvokeCommand({ FunctionName: "render-invoice", Payload: JSON.stringify(order) }),
    );
    return JSON.parse(Buffer.from(answer.Payload).toString());
  }
}
