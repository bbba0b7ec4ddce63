// Crashes, as functions report them. The worker looks into them; the function does not wait for that.
import { Refusal } from "../service.js";
import { accountOf } from "./accounts.js";

export async function accept(request) {
  const { company, project, slack } = accountOf(request);
  const { status } = await fetch(`${process.env.WORKER_URL}/crashes`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ company, project: project.id, slack, crash: request.body }),
  });
  if (status !== 202) throw new Refusal(502, `the worker answered ${status}`);
  return { status: 202, json: { accepted: true } };
}
