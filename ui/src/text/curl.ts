// A captured request as a command. What was masked stays masked, so the command shows what was sent without working as a
// stolen credential.

export interface CapturedRequest {
  method: string;
  url: string;
  headers: readonly { name: string; value: string }[];
  body: string | null;
}

// curl makes these itself from the address and the body; the captured values would contradict it.
const MADE_BY_CURL = new Set(["host", "content-length", "connection", "transfer-encoding", "keep-alive"]);

/** One word for a POSIX shell. Control characters are written in `$'…'`, so that pasting can do nothing else. */
export function shellWord(text: string): string {
  if (!/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/.test(text)) {
    return `'${text.replaceAll("'", `'\\''`)}'`;
  }
  const escaped = text.replace(
    /[\\'\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => {
      if (character === "\n") return "\\n";
      if (character === "\t") return "\\t";
      if (character === "\\" || character === "'") return `\\${character}`;
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
    },
  );
  return `$'${escaped}'`;
}

/** The command that sends the request again. */
export function curl(request: CapturedRequest): string {
  const parts = [`curl ${shellWord(request.url)}`];
  const implied = request.body === null ? "GET" : "POST";
  if (request.method !== implied) parts.push(`-X ${shellWord(request.method)}`);
  for (const { name, value } of request.headers) {
    if (!MADE_BY_CURL.has(name.toLowerCase())) parts.push(`-H ${shellWord(`${name}: ${value}`)}`);
  }
  if (request.body !== null) parts.push(`--data-raw ${shellWord(request.body)}`);
  return parts.join(" \\\n  ");
}
