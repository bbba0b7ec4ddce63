// The functions that a project watches, and those that it could.
import { GetFunctionCommand, ListFunctionsCommand, ResourceNotFoundException } from "@aws-sdk/client-lambda";
import { lambda } from "../dependencies.js";
import { Refusal } from "../service.js";
import { accountOf } from "./accounts.js";

const own = lambda();

/** Watches the functions of a customer's AWS account from now on, if its credentials are good. */
export async function useAccount(request) {
  const account = accountOf(request);
  const theirs = lambda(request.body);
  await theirs.send(new ListFunctionsCommand({ MaxItems: 1 }));
  account.lambda = () => theirs;
  return { json: { accessKeyId: request.body.accessKeyId } };
}

export async function suggest(request) {
  const { Functions } = await clientOf(accountOf(request)).send(new ListFunctionsCommand({ MaxItems: 50 }));
  return { json: { functions: Functions.map(({ FunctionName, Runtime }) => ({ name: FunctionName, runtime: Runtime })) } };
}

export async function connect(request) {
  const client = clientOf(accountOf(request));
  try {
    const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: request.body.name }));
    return { status: 201, json: { name: Configuration.FunctionName, runtime: Configuration.Runtime } };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) throw new Refusal(404, "there is no such function");
    throw error;
  }
}

function clientOf(account) {
  return account.lambda?.() ?? own;
}
