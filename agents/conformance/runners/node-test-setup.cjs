// Lets node:test run the files of Mocha's scenarios: the same names as globals, and hooks that may have titles.
const { describe, it, before, beforeEach, afterEach, after } = require("node:test");
Object.assign(globalThis, { describe, it });
const hooks = { before, beforeEach, afterEach, after };
for (const [name, define] of Object.entries(hooks)) globalThis[name] = (...args) => define(args.at(-1));
