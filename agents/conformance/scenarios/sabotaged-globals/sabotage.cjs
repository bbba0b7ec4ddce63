// Runs before the agent is loaded; breaks things only when the tests say so.
const broken = (name) => () => {
  throw new Error(`sabotaged ${name}`);
};
globalThis.sabotage = () => {
  JSON.stringify = broken("JSON.stringify");
  process.hrtime.bigint = broken("hrtime");
  require("node:fs").writeSync = broken("writeSync");
};
