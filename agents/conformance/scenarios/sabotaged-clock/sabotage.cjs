// Runs before the agent is loaded.
const sabotaged = () => {
  throw new Error("sabotaged clock");
};
process.hrtime.bigint = sabotaged;
