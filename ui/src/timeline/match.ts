// The filter, held against the dictionary once and then against rows by number: a few hundred texts instead of a million.
import { type Filter, isEmpty, matches, parseFilter } from "../text/filter";
import { at, NO_PEER, NONE, type TimelineData } from "./data";
import type { Kept } from "./order";

/** Words beyond this many are not looked at: a text's verdict has a bit for each, and one more. */
const WORDS_MOST = 30;
/** The bit of a text that a key of the filter does not allow. */
const REFUSED = 2 ** 31;

/** Whether a value of a key is what the filter asks for. */
function keyed(filter: Filter, names: readonly string[], value: string): boolean {
  const keys = filter.keys.filter(({ key }) => names.includes(key));
  return matches({ words: [], keys }, { text: "", keys: Object.fromEntries(names.map((name) => [name, value])) });
}

function methodOf(name: string): string {
  return /^[A-Z]+(?= |$)/.exec(name)?.[0] ?? "";
}

/** A text, held against the filter: the words that are in it, as bits, and whether it is refused by the keys `names`. */
function verdict(filter: Filter, names: readonly string[], text: string, value = text): number {
  const lower = text.toLowerCase();
  const words = filter.words.slice(0, WORDS_MOST);
  const bits = words.reduce((found, word, index) => (lower.includes(word) ? found | (1 << index) : found), 0);
  return keyed(filter, names, value) ? bits : bits + REFUSED;
}

/** The verdicts of all statuses that are there, by status. */
function statusVerdicts(data: TimelineData, filter: Filter): Uint32Array {
  const verdicts = new Uint32Array(0x10000);
  const known = new Uint8Array(0x10000);
  for (const status of data.columns.status) {
    if (known[status] === 1) continue;
    known[status] = 1;
    verdicts[status] = verdict(filter, ["status"], status === 0 ? "" : String(status));
  }
  return verdicts;
}

/** The verdicts of all peers, by number; of nobody, who is a peer without a name, by the number that stands for nobody. */
function peerVerdicts(data: TimelineData, filter: Filter): Uint32Array {
  const keys = ["peer", "host"];
  const verdicts = new Uint32Array(NO_PEER + 1);
  data.peers.slice(0, NO_PEER).forEach((peer, index) => {
    verdicts[index] = verdict(filter, keys, peer);
  });
  verdicts[NO_PEER] = verdict(filter, keys, "");
  return verdicts;
}

export interface Match {
  kept: Kept;
  count: number;
}

/** The rows that a filter keeps, with their ancestors; null when it asks for nothing. */
export function matchRows(data: TimelineData, query: string): Match | null {
  const filter = parseFilter(query);
  if (isEmpty(filter)) return null;
  const { name, service, peer, status, parent } = data.columns;
  const ofName = Uint32Array.from(data.names, (text) => verdict(filter, ["method"], text, methodOf(text)));
  const ofService = Uint32Array.from(data.services, (text) => verdict(filter, ["service"], text));
  const ofPeer = peerVerdicts(data, filter);
  const ofStatus = statusVerdicts(data, filter);
  // Rows of the timeline have no level, which only records of the log have.
  const wanted = keyed(filter, ["level"], "") ? 2 ** Math.min(filter.words.length, WORDS_MOST) - 1 : -1;
  const kept = new Uint8Array(data.rows);
  let count = 0;
  // Read without `at`: as it is called for columns of all types, it takes three times as long here.
  for (let row = 0; row < data.rows; row += 1) {
    const found =
      (ofName[name[row] as number] as number) |
      (ofService[service[row] as number] as number) |
      (ofPeer[peer[row] as number] as number) |
      (ofStatus[status[row] as number] as number);
    // Refused rows have a sign here, because the bit of refusal is that of the sign.
    if (found !== wanted) continue;
    kept[row] = 2;
    count += 1;
    for (let up = at(parent, row); up !== NONE && kept[up] === 0; up = at(parent, up)) kept[up] = 1;
  }
  return { kept, count };
}
