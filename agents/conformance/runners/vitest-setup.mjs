// Lets Vitest run the files of Mocha's scenarios, where hooks have other names and may have titles.
const { beforeAll, beforeEach, afterEach, afterAll } = globalThis;
const hooks = { before: beforeAll, beforeEach, afterEach, after: afterAll };
for (const [name, define] of Object.entries(hooks)) globalThis[name] = (...args) => define(args.at(-1));
