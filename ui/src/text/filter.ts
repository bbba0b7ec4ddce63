// The filter of a recording's views: words that must all be found, and `key:value` for parts of a call.

export interface Filter {
  words: string[];
  keys: { key: string; value: string }[];
}

/** What a filter is held against: a text to find words in, and the values of keys. */
export interface Filterable {
  text: string;
  keys: Record<string, string | undefined>;
}

const TOKEN = /([a-z]+):(?:"([^"]*)"|(\S+))|"([^"]*)"|(\S+)/gi;
const KEYS = new Set(["host", "peer", "service", "method", "status", "level"]);

/** Reads a filter. A key that is not known is a word like any other. */
export function parseFilter(text: string): Filter {
  const filter: Filter = { words: [], keys: [] };
  for (const [whole, key, quoted, plain, words, word] of text.matchAll(TOKEN)) {
    const name = key?.toLowerCase();
    if (name !== undefined && KEYS.has(name)) {
      filter.keys.push({ key: name, value: (quoted ?? plain ?? "").toLowerCase() });
    } else {
      const found = name !== undefined ? whole : (words ?? word ?? "");
      if (found !== "") filter.words.push(found.toLowerCase());
    }
  }
  return filter;
}

/** Whether a filter asks for nothing, so that everything matches. */
export function isEmpty(filter: Filter): boolean {
  return filter.words.length + filter.keys.length === 0;
}

function keyMatches(value: string | undefined, wanted: string): boolean {
  if (value === undefined) return false;
  // `status:5xx` is a class of statuses.
  const pattern = /^([1-5])xx$/.exec(wanted);
  if (pattern !== null) return value.length === 3 && value[0] === pattern[1];
  return value.toLowerCase() === wanted || (wanted.length > 2 && value.toLowerCase().includes(wanted));
}

/** Whether everything that the filter asks for is there. */
export function matches(filter: Filter, item: Filterable): boolean {
  const text = item.text.toLowerCase();
  return (
    filter.words.every((word) => text.includes(word)) &&
    filter.keys.every(({ key, value }) => keyMatches(item.keys[key], value))
  );
}

/** A term of a filter for this value, quoted where it has to be. */
export function term(key: string, value: string): string {
  return /[\s"]/.test(value) ? `${key}:"${value.replaceAll('"', "")}"` : `${key}:${value}`;
}
