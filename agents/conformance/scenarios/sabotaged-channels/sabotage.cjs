// Runs before the agent is loaded.
const channels = require("node:diagnostics_channel");

const sabotaged = () => {
  throw new Error("sabotaged subscribe");
};
channels.subscribe = sabotaged;
channels.Channel.prototype.subscribe = sabotaged;
