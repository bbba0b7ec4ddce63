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

/** A list of texts, held against the filter: 1 for each that has what the keys ask for. */
function keyBits(filter: Filter, names: readonly string[], texts: readonly string[]): Uint8Array {
  return Uint8Array.from(texts, (text) => (keyed(filter, names, text) ? 1 : 0));
}

/** The statuses that are there, each held against the filter once. */
function statusTables(data: TimelineData, filter: Filter, words: readonly string[]): [Uint32Array, Uint8Array] {
  const bits = new Uint32Array(0x10000);
  const is = new Uint8Array(0x10000);
  const known = new Uint8Array(0x10000);
  for (const status of data.columns.status) {
    if (known[status] === 1) continue;
    known[status] = 1;
    const text = status === 0 ? "" : String(status);
    bits[status] = at(wordBits([text], words), 0);
    is[status] = keyed(filter, ["status"], text) ? 1 : 0;
  }
  return [bits, is];
}

/** Which rows match. */
function matching(data: TimelineData, filter: Filter): (row: number) => boolean {
  const words = filter.words.slice(0, WORDS_MOST);
  const all = (1 << words.length) - 1;
  const { name, service, peer, status } = data.columns;
  // Nobody is one more peer, without a name.
  const peers = [...data.peers, ""];
  const nameBits = wordBits(data.names, words);
  const serviceBits = wordBits(data.services, words);
  const peerBits = wordBits(peers, words);
  const [statusBits, statusIs] = statusTables(data, filter, words);
  const nameIs = keyBits(filter, ["method"], data.names.map(methodOf));
  const serviceIs = keyBits(filter, ["service"], data.services);
  const peerIs = keyBits(filter, ["peer", "host"], peers);
  const levelIs = keyed(filter, ["level"], "");
  return (row) => {
    const what = at(name, row);
    const who = at(service, row);
    const said = at(status, row);
    const whom = at(peer, row) === NO_PEER ? data.peers.length : at(peer, row);
    const bits = at(nameBits, what) | at(serviceBits, who) | at(peerBits, whom) | at(statusBits, said);
    const is = at(nameIs, what) & at(serviceIs, who) & at(peerIs, whom) & at(statusIs, said);
    return bits === all && is === 1 && levelIs;
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
