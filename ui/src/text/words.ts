// The words of a diagnosis for people, and what each of them promises.

const CAUSES: Record<string, string> = {
  "rate-limited": "Rate limited",
  "dependency-error": "Dependency error",
  "dependency-slow": "Dependency slow",
  unreachable: "Unreachable",
  credentials: "Credentials",
  race: "Race",
  "stale-read": "Stale read",
  "contract-change": "Contract change",
  "test-code": "Test code",
  product: "Product",
  environment: "Environment",
  undetermined: "Undetermined",
};

const CONFIDENCES: Record<string, string> = {
  established:
    "Established: the first difference from a passing recording of this test is the call itself, and the calls before it are alike.",
  likely: "Likely: what happened and when speaks for it, but no passing recording proves it.",
  undetermined: "Undetermined: the evidence does not carry a conclusion. What is missing is listed.",
};

const BASES: Record<string, string> = {
  "same-run": "in this run",
  "same-commit": "on the same commit",
  "base-branch": "on the base branch",
  newest: "the newest there is",
};

/** A cause, also one that is newer than this page. */
export function causeWord(cause: string): string {
  return CAUSES[cause] ?? cause.charAt(0).toUpperCase() + cause.slice(1).replaceAll("-", " ");
}

/** Named as the owner: `product` alone would read as a cause. */
export function ownerWord(owner: string): string {
  return owner === "unknown" ? "owner unknown" : `owner: ${owner}`;
}

export function confidenceMeaning(confidence: string): string {
  return CONFIDENCES[confidence] ?? `${confidence}: this page does not know the word.`;
}

export function basisWord(basis: string): string {
  return BASES[basis] ?? basis;
}

const GAPS: Record<string, string> = {
  "body-cut": "bodies were longer than the limit; their beginnings are kept",
  "attempt-budget": "bodies were left out, because those of one attempt were together over the limit",
  "body-undecodable": "bodies could not be decoded; their length and hash are kept",
  "header-cut": "header values were cut at 16 KiB",
  "attribute-cut": "attributes were cut at 256 KiB",
  "log-cut": "log records were left out beyond 1 MiB of one attempt",
  "spool-full": "records did not fit into the spool",
  "spool-write-failed": "records could not be written to the spool",
  "spool-gone": "records were lost with their spool",
  "record-torn": "records were torn",
  "record-invalid": "records could not be read",
  "record-unknown": "records are of an unknown kind",
  "record-too-long": "records were too long",
  "otlp-rejected": "records that came by OTLP could not be kept",
  "otlp-dropped": "parts of spans were dropped by their sender",
  "otlp-ignored": "metrics came by OTLP, which are not kept",
  "store-write-failed": "records could not be stored",
  "process-killed": "processes were killed while a test was under way; what they were doing has no end",
  "attempt-unfinished": "tests started and never ended",
  "parent-missing": "spans name a parent that never arrived",
  "agent-error": "hooks of an agent failed and were switched off",
  "client-unseen": "clients were seen that cannot be recorded",
  "no-agent": "no agent reported from the command",
  "masking-failed": "values could not be masked and were left out",
};

export function gapWord(kind: string): string {
  return GAPS[kind] ?? kind;
}

/** What leads to the call that a failure is held against: without an answer there is only the call to see. */
export function seeWord(culprit: { status: number | null }): string {
  return culprit.status === null ? "See the call" : "See the response";
}
