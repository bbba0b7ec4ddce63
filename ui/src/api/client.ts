// Asks the server, and turns its errors into one type.

/** Why there is no answer. `code` is the API's word for it, or `network` when the server was not reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint: string | null,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

const BASE = "/api/v1";

async function refusal(response: Response): Promise<ApiError> {
  try {
    const { error } = await response.json();
    return new ApiError(response.status, String(error.code), String(error.message), error.hint ?? null);
  } catch {
    return new ApiError(response.status, "http", `The server answered ${response.status}.`, null);
  }
}

async function ask(path: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(BASE + path, { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    const hint = "Is `flakescope serve` still running? It answers on the address of this page.";
    throw new ApiError(0, "network", "The server could not be reached.", hint);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

/** A JSON answer. Its type is the API's promise (protocol/openapi.json); nothing is checked again here. */
export async function getJson<T>(path: string, signal: AbortSignal): Promise<T> {
  return (await ask(path, signal)).json();
}

/** A binary answer. */
export async function getBytes(path: string, signal: AbortSignal): Promise<ArrayBuffer> {
  return (await ask(path, signal)).arrayBuffer();
}

/** Where an export of a recording can be downloaded. */
export function exportAddress(attempt: string, format: "otlp.json" | "har"): string {
  return `${BASE}/attempts/${encodeURIComponent(attempt)}/export/${format}`;
}
