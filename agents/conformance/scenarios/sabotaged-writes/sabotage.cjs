// Runs before the agent is loaded.
const fs = require("node:fs");

fs.writeSync = () => {
  throw Object.assign(new Error("sabotaged write"), { code: "EIO" });
};
