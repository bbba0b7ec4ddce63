// Runs before the agent is loaded.
const fs = require("node:fs");

fs.openSync = () => {
  throw Object.assign(new Error("sabotaged open"), { code: "EMFILE" });
};
