// Parts of a captured address. It is only read, never followed.

export interface UrlParts {
  host: string;
  path: string;
  query: { name: string; value: string }[];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** The pairs of a query or a form body, in order, duplicates kept; what cannot be decoded stays as it is. */
export function pairs(text: string): { name: string; value: string }[] {
  if (text === "") return [];
  return text.split("&").map((pair) => {
    const at = pair.indexOf("=");
    return at < 0
      ? { name: decoded(pair), value: "" }
      : { name: decoded(pair.slice(0, at)), value: decoded(pair.slice(at + 1)) };
  });
}

/** Splits by hand: a captured address may be anything, and `new URL` would change it. */
export function urlParts(url: string): UrlParts {
  const match = /^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?/i.exec(url);
  return { host: match?.[1] ?? "", path: match?.[2] ?? "", query: pairs(match?.[3] ?? "") };
}

/** The address when it is safe to be a link (http or https), else null. */
export function safeLink(url: string): string | null {
  return /^https?:\/\/[^\s]+$/i.test(url) ? url : null;
}
