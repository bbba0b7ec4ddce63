// AWS Lambda, as far as the product and its tests use it. A function that is told to crash does so, and the extension
// that is built into it then reports the crash to the product, as its environment says.
import { randomUUID } from "node:crypto";
import { schedule } from "./schedule.js";
import { serve } from "./stand-in.js";

const FUNCTIONS = "/2015-03-31/functions";

class Lambda {
  #functions = new Map();
  #seen = new Set();

  answer({ method, path, headers, body, socket }) {
    const [, accessKey] = /Credential=([^/]+)/.exec(headers.authorization);
    if (this.#seen.has(accessKey)) {
      if (accessKey === schedule.expiredCredentials) return expired();
      if (accessKey === schedule.resetsConnection) return void socket.resetAndDestroy();
    }
    this.#seen.add(accessKey);
    const [name, action] = path.slice(FUNCTIONS.length + 1).split("/");
    if (!name) return method === "POST" ? this.#create(JSON.parse(body)) : this.#list();
    if (!this.#functions.has(name)) {
      return refusal(404, "ResourceNotFoundException", { Type: "User", Message: `Function not found: ${arn(name)}` });
    }
    if (method === "DELETE") return this.#delete(name);
    if (action === "invocations") return this.#invoke(name, JSON.parse(body));
    return this.#describe(name, action);
  }

  #create({ FunctionName, Runtime, Environment }) {
    const configuration = { FunctionName, FunctionArn: arn(FunctionName), Runtime, State: "Active" };
    this.#functions.set(FunctionName, { configuration, environment: Environment.Variables, unreported: [] });
    return { status: 201, json: configuration };
  }

  #list() {
    const known = [...this.#functions.values()].map(({ configuration }) => configuration);
    return { json: { Functions: known.filter(({ State }) => State === "Active") } };
  }

  #describe(name, action) {
    if (action === undefined && is(name, schedule.throttledLookUp)) return throttled();
    const { configuration } = this.#functions.get(name);
    return { json: action === "configuration" ? configuration : { Configuration: configuration } };
  }

  async #invoke(name, { crash }) {
    if (is(name, schedule.throttledInvocation)) return throttled();
    const requestId = randomUUID();
    const headers = { "x-amzn-requestid": requestId, "x-amz-executed-version": "$LATEST" };
    if (!crash) return { headers, json: { done: true } };

    const report = { function: name, requestId, error: crash };
    if (is(name, schedule.reportsAtShutdown)) this.#functions.get(name).unreported.push(report);
    else await this.#report(name, report);
    const trace = [`${crash.type}: ${crash.message}`, "    at handler (/var/task/index.js:7:11)"];
    return {
      headers: { ...headers, "x-amz-function-error": "Unhandled" },
      json: { errorType: crash.type, errorMessage: crash.message, trace },
    };
  }

  /**
   * The sandbox is shut down with the function. That is the last moment for an extension to report. What was deleted
   * can still be looked up, since the real API is only eventually consistent.
   */
  async #delete(name) {
    const deleted = this.#functions.get(name);
    for (const report of deleted.unreported.splice(0)) await this.#report(name, report);
    deleted.configuration = { ...deleted.configuration, State: "Inactive" };
    return { status: 204 };
  }

  async #report(name, report) {
    const { INSIGHTS_URL, INSIGHTS_TOKEN } = this.#functions.get(name).environment;
    const { status } = await fetch(INSIGHTS_URL, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${INSIGHTS_TOKEN}` },
      body: JSON.stringify({ ...report, line: 7 }),
    });
    if (status !== 202) throw new Error(`the product answered ${status} to the report of a crash`);
  }
}

const lambda = new Lambda();
await serve("127.0.0.11", (request) => lambda.answer(request));

/** Whether it is the scheduled function, whatever its number. */
function is(name, scheduled) {
  return scheduled !== undefined && name.replace(/-\d+$/, "") === scheduled;
}

function arn(name) {
  return `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;
}

/** The way Lambda's API refuses what is too much: status 429, the error's type in a header. */
function throttled() {
  return refusal(429, "TooManyRequestsException", {
    Reason: "ConcurrentInvocationLimitExceeded",
    Type: "User",
    message: "Rate Exceeded.",
  });
}

function expired() {
  return refusal(403, "ExpiredTokenException", { message: "The security token included in the request is expired" });
}

function refusal(status, type, json) {
  return { status, headers: { "x-amzn-errortype": type, "x-amzn-requestid": randomUUID() }, json };
}
