// Who works while a bar runs: whom a call goes to, else the service itself. It names the row, and gives it its colour.
import { NO_PEER, type TimelineData } from "./data";

export interface Actors {
  /** Services first, as the other views number their colours; then peers that are no service. */
  names: string[];
  ofPeer: Uint16Array;
}

export function actorsOf(data: TimelineData): Actors {
  const names = [...data.services];
  const index = new Map(names.map((name, number) => [name, number]));
  const ofPeer = Uint16Array.from(data.peers, (peer) => {
    const known = index.get(peer);
    if (known !== undefined) return known;
    index.set(peer, names.length);
    return names.push(peer) - 1;
  });
  return { names, ofPeer };
}

/** The actor of a row. */
export function actorOf(data: TimelineData, actors: Actors, row: number): number {
  const { peer, service } = data.columns;
  const whom = peer[row] as number;
  return (whom === NO_PEER ? service[row] : actors.ofPeer[whom]) as number;
}
