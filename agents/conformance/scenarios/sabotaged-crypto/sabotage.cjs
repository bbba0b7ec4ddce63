// Runs before the agent is loaded.
const crypto = require("node:crypto");

for (const name of ["createHmac", "createHash", "randomBytes", "randomFillSync"]) {
  crypto[name] = () => {
    throw new Error(`sabotaged ${name}`);
  };
}
