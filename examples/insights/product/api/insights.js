// Insights: what the worker found out about crashes.
import { elasticsearch } from "../dependencies.js";
import { accountOf } from "./accounts.js";

/** How long somebody who looks at a timeline is kept waiting, in milliseconds. */
const TIMELINE_MS = 3000;

const search = elasticsearch();

/** All insights of a project, or those of one function, or those with a word in their message. */
export async function list(request) {
  const { hits } = await find(request, { size: 100 });
  return { json: { insights: hits.map(({ _source }) => _source) } };
}

export async function summary(request) {
  const { total } = await find(request, { size: 0 });
  return { json: { crashes: total.value } };
}

export async function timeline(request) {
  const newest = { size: 20, sort: [{ at: "desc" }] };
  const { hits } = await find(request, newest, { requestTimeout: TIMELINE_MS });
  return { json: { points: hits.map(({ _source }) => ({ at: _source.at, severity: _source.severity })) } };
}

async function find(request, options, transport) {
  const { company } = accountOf(request);
  const filter = [{ term: { company } }];
  const name = request.query.get("function");
  if (name) filter.push({ term: { function: name } });
  const words = request.query.get("words");
  const must = words ? [{ match: { message: words } }] : undefined;
  const { hits } = await search.search({ index: "insights", query: { bool: { filter, must } }, ...options }, transport);
  return hits;
}
