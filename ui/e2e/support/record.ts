// Records once for all specs, and serves until they are done. FLAKESCOPE_BASE names a server of such a store that runs
// already.
import { record, remove, serve } from "./server.mjs";

export default async function setUp(): Promise<() => Promise<void>> {
  if (process.env.FLAKESCOPE_BASE !== undefined) return async () => {};
  const store = await record();
  const server = await serve(store);
  process.env.FLAKESCOPE_BASE = server.address;
  return async () => {
    await server.stop();
    await remove(store);
  };
}
