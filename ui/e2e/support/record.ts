// Records once for all specs, and serves until they are done. FLAKESCOPE_BASE names a server of such a store that runs
// already; the specs of runs that go on have stores of their own.
import { MOCHA, newStore, PROJECT, record, recordExample, remove, serve } from "./server.mjs";

/** What a hostile suite calls itself; its tests, answers and errors are no better (e2e/project/test/hostile.js). */
export const HOSTILE_NAME = '<img src=x onerror="document.title=1">\u202egnp.exe';

export default async function setUp(): Promise<() => Promise<void>> {
  if (process.env.FLAKESCOPE_BASE !== undefined) return async () => {};
  const store = await newStore();
  const hostile = ["--name", HOSTILE_NAME];
  await record(store, { folder: PROJECT, command: [MOCHA, "test/hostile.js"], options: hostile }).done;
  await recordExample(store);
  const server = await serve(store);
  process.env.FLAKESCOPE_BASE = server.address;
  return async () => {
    await server.stop();
    await remove(store);
  };
}
