// How Vitest runs the files of Mocha's scenarios: CommonJS files by the names that Mocha has for things.
import { fileURLToPath } from "node:url";

export default {
  // Nothing may be left behind in a scenario's folder.
  cacheDir: process.env.WORK,
  test: {
    include: ["*.cjs"],
    globals: true,
    includeTaskLocation: true,
    setupFiles: [fileURLToPath(new URL("vitest-setup.mjs", import.meta.url))],
    testTimeout: 2000,
    // What is printed must not depend on how fast this machine is.
    slowTestThreshold: 60_000,
    watch: false,
  },
};
