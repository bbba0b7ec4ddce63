// Projects, which are shown far more often than changed: what was shown once is kept in a cache.
import { createHash } from "node:crypto";
import { next } from "../release.js";
import { accountOf } from "./accounts.js";

const cache = new Map();

export function show(request) {
  const { project } = accountOf(request);
  const kept = cache.get(project.id);
  if (kept) return { json: kept.project, headers: { etag: kept.etag, "x-cache": "HIT" } };
  const fresh = { project: { ...project }, etag: `"${createHash("sha1").update(JSON.stringify(project)).digest("hex")}"` };
  cache.set(project.id, fresh);
  return { json: fresh.project, headers: { etag: fresh.etag, "x-cache": "MISS" } };
}

export function rename(request) {
  const { project } = accountOf(request);
  project.name = request.body.name;
  // The next release forgets that the cache holds the old name.
  if (!next) cache.delete(project.id);
  return { json: project };
}
