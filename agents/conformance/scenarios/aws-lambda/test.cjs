const assert = require("node:assert");
const { InvokeCommand, LambdaClient } = require("@aws-sdk/client-lambda");

const client = new LambdaClient({
  endpoint: process.env.SERVER_URL,
  region: "eu-central-1",
  maxAttempts: 2,
  credentials: { accessKeyId: "AKIA-never-in-spool", secretAccessKey: "never-in-spool-either", sessionToken: "session-never-in-spool" },
});

describe("lambda", () => {
  after(() => client.destroy());
  it("invokes", async () => {
    const { Payload } = await client.send(new InvokeCommand({ FunctionName: "hello", Payload: '{"user":1}' }));
    assert.deepEqual(JSON.parse(Buffer.from(Payload)), { greeting: "hello" });
  });
  it("is throttled", async () => {
    await client.send(new InvokeCommand({ FunctionName: "throttled" }));
  });
  it("is asked as other services are", async () => {
    const headers = { "x-amz-target": "DynamoDB_20120810.GetItem", "content-type": "application/x-amz-json-1.0" };
    await (await fetch(`${process.env.SERVER_URL}/json`, { method: "POST", headers, body: "{}" })).text();
  });
  // The SDK names the error of a connection that was cut `TimeoutError`.
  it("is cut off", async () => {
    await assert.rejects(client.send(new InvokeCommand({ FunctionName: "reset" })), { code: "ECONNRESET" });
  });
});
