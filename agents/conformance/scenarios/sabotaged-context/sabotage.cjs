// Runs before the agent is loaded.
const { AsyncLocalStorage } = require("node:async_hooks");

for (const name of ["run", "enterWith", "getStore", "exit", "disable"]) {
  AsyncLocalStorage.prototype[name] = () => {
    throw new Error(`sabotaged ${name}`);
  };
}
