// The tags of a run that its pages show in a place of their own.
import { safeLink } from "../text/url";

export interface LinkTo {
  label: string;
  /** Null when the tag is no address that can be followed. */
  href: string | null;
}

export interface RunTags {
  change: LinkTo | null;
  ci: LinkTo | null;
  branch: string | null;
  commit: string | null;
  actor: string | null;
  /** All others. */
  rest: [string, string][];
}

const CHANGE = "flakescope.vcs.change.url";
const CHANGE_ALIASES = [CHANGE, "vcs.change.url"];
const CI = ["cicd.pipeline.run.url.full", "cicd.pipeline.task.run.url.full"];
const PLACED = new Set([
  ...CHANGE_ALIASES,
  ...CI,
  "vcs.change.id",
  "vcs.ref.head.name",
  "vcs.ref.head.revision",
  "actor",
  "user.name",
  "user.email",
]);

function first(tags: Record<string, string>, keys: readonly string[]): string | null {
  const key = keys.find((candidate) => tags[candidate] !== undefined);
  return key === undefined ? null : (tags[key] ?? null);
}

function change(tags: Record<string, string>): LinkTo | null {
  const url = first(tags, CHANGE_ALIASES);
  const id = tags["vcs.change.id"] ?? /\/(?:pull|merge_requests|pulls)\/(\d+)/.exec(url ?? "")?.[1];
  if (url === null && id === undefined) return null;
  return { label: id === undefined ? "Pull request" : `#${id}`, href: url === null ? null : safeLink(url) };
}

export function tagsOf(tags: Record<string, string>): RunTags {
  const ci = first(tags, CI);
  return {
    change: change(tags),
    ci: ci === null ? null : { label: "CI job", href: safeLink(ci) },
    branch: tags["vcs.ref.head.name"] ?? null,
    commit: tags["vcs.ref.head.revision"] ?? null,
    actor: tags.actor ?? tags["user.name"] ?? null,
    rest: Object.entries(tags).filter(([key]) => !PLACED.has(key)),
  };
}
