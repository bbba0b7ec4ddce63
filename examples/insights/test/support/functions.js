// Temporary functions on AWS Lambda, which live as long as the test that made them.
import { randomInt } from "node:crypto";
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";

const temporary = new Set();

/** Creates a function that reports its crashes to the user's project, and gives its name. */
export async function createFunction(purpose, user) {
  const name = `${purpose}-${randomInt(100_000, 1_000_000)}`;
  await lambda().send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::123456789012:role/temporary",
      Code: { ZipFile: Buffer.from("exports.handler = async ({ crash }) => { if (crash) throw crash; };") },
      Environment: { Variables: user.reporting },
    }),
  );
  temporary.add(name);
  return name;
}

/** Invokes the function in a way that makes it crash, and waits for that. */
export async function crash(name, { type = "TypeError", message = "Cannot read properties of undefined (reading 'id')" } = {}) {
  const Payload = JSON.stringify({ crash: { type, message } });
  const { FunctionError } = await lambda().send(new InvokeCommand({ FunctionName: name, Payload }));
  if (FunctionError !== "Unhandled") throw new Error(`${name} did not crash`);
}

/** Removes the functions that the test has made. */
export async function removeFunctions() {
  const names = [...temporary];
  temporary.clear();
  await Promise.all(names.map((FunctionName) => lambda().send(new DeleteFunctionCommand({ FunctionName }))));
}

function lambda() {
  return new LambdaClient({
    endpoint: process.env.LAMBDA_URL,
    region: "eu-west-1",
    maxAttempts: 2,
    credentials: { accessKeyId: "AKIATESTSUITE0000000", secretAccessKey: "test-suite-secret" },
  });
}
