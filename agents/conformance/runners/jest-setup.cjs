// Lets Jest run the files of Mocha's scenarios: the names of hooks, which Jest has two less of.
globalThis.before = (...args) => beforeAll(args.at(-1));
globalThis.after = (...args) => afterAll(args.at(-1));
