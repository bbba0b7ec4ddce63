// From a crash to an insight: asks AWS Lambda about the function, keeps what it found, tells the team.
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { elasticsearch, lambda, slack } from "./dependencies.js";
import { next } from "./release.js";

/** How often a document is offered to the search cluster: another node may take what the first did not. */
const TRIES = 2;

const functions = lambda();
const search = elasticsearch();

export async function lookInto({ company, project, slack: channel, crash }) {
  const { Runtime } = await functions.send(new GetFunctionConfigurationCommand({ FunctionName: crash.function }));
  const insight = {
    company,
    project,
    function: crash.function,
    runtime: Runtime,
    kind: crash.error.type,
    message: crash.error.message,
    line: crash.line,
    severity: severityOf(crash.error.type),
    at: new Date().toISOString(),
  };
  await keep(crash.requestId, insight);
  if (channel) await tell(channel, insight);
}

function severityOf(kind) {
  // The next release looks for the name that the error had in an older runtime.
  const outOfMemory = next ? "OutOfMemoryError" : "Runtime.OutOfMemory";
  return kind === outOfMemory ? "critical" : "error";
}

async function keep(id, document) {
  for (let tried = 1; ; tried += 1) {
    try {
      await search.index({ index: "insights", id, document });
      return;
    } catch (error) {
      if (!(error.statusCode >= 500) || tried === TRIES) throw error;
    }
  }
}

async function tell({ token, channel }, { function: name, kind, message }) {
  await slack(token).chat.postMessage({ channel, text: `${name} crashed: ${kind}: ${message}` });
}
