// The filter, held against the dictionary once and then against rows by number: a few hundred texts instead of a million.
import { type Filter, matches, parseFilter } from "../text/filter";
import { at, NO_PEER, NONE, type TimelineData } from "./data";
import type { Kept } from "./order";

/** Words beyond this many are not looked at. */
const WORDS_MOST = 30;

/** For each text the words that are in it, as bits. */
function wordBits(texts: readonly string[], words: readonly string[]): Uint32Array {
  return Uint32Array.from(texts, (text) => {
    const lower = text.toLowerCase();
    return words.reduce((bits, word, index) => (lower.includes(word) ? bits | (1 << index) : bits), 0);
  });
}

/** Whether a value of a key is what the filter asks for. */
function keyed(filter: Filter, names: readonly string[], value: string): boolean {
  const keys = filter.keys.filter(({ key }) => names.includes(key));
  return matches({ words: [], keys }, { text: "", keys: Object.fromEntries(names.map((name) => [name, value])) });
}

function methodOf(name: string): string {
  return /^[A-Z]+(?= |$)/.exec(name)?.[0] ?? "";
}

/** Which rows match. */
function matching(data: TimelineData, filter: Filter): (row: number) => boolean {
  const words = filter.words.slice(0, WORDS_MOST);
  const all = (1 << words.length) - 1;
  const { name, service, peer, status } = data.columns;
  const nameBits = wordBits(data.names, words);
  const serviceBits = wordBits(data.services, words);
  const peerBits = wordBits(data.peers, words);
  const statusBits = new Map<number, number>();
  const statusIs = new Map<number, boolean>();
  const nameIs = data.names.map((text) => keyed(filter, ["method"], methodOf(text)));
  const serviceIs = data.services.map((text) => keyed(filter, ["service"], text));
  const peerIs = data.peers.map((text) => keyed(filter, ["peer", "host"], text));
  const nobodyIs = keyed(filter, ["peer", "host"], "");
  const levelIs = keyed(filter, ["level"], "");
  return (row) => {
    const [whom, said] = [at(peer, row), at(status, row)];
    if (!statusIs.has(said)) {
      const text = said === 0 ? "" : String(said);
      statusIs.set(said, keyed(filter, ["status"], text));
      statusBits.set(said, at(wordBits([text], words), 0));
    }
    const bits = at(nameBits, at(name, row)) | at(serviceBits, at(service, row)) | (statusBits.get(said) ?? 0);
    const found = whom === NO_PEER ? bits : bits | at(peerBits, whom);
    return (
      found === all &&
      levelIs &&
      statusIs.get(said) === true &&
      nameIs[at(name, row)] === true &&
      serviceIs[at(service, row)] === true &&
      (whom === NO_PEER ? nobodyIs : peerIs[whom] === true)
    );
  };
}

export interface Match {
  kept: Kept;
  count: number;
}

/** The rows that a filter keeps, with their ancestors; null when it asks for nothing. */
export function matchRows(data: TimelineData, query: string): Match | null {
  const filter = parseFilter(query);
  if (filter.words.length === 0 && filter.keys.length === 0) return null;
  const isMatch = matching(data, filter);
  const kept = new Uint8Array(data.rows);
  const { parent } = data.columns;
  let count = 0;
  for (let row = 0; row < data.rows; row += 1) {
    if (!isMatch(row)) continue;
    kept[row] = 2;
    count += 1;
    for (let up = at(parent, row); up !== NONE && kept[up] === 0; up = at(parent, up)) kept[up] = 1;
  }
  return { kept, count };
}
