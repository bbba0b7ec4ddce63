const { createRequire } = require("node:module");

const runner = process.argv[1].split("/node_modules/")[0];
const { TestEnvironment } = createRequire(`${runner}/package.json`)("jest-environment-node");

module.exports = class extends TestEnvironment {
  async handleTestEvent({ name, test }) {
    if (name === "test_start") this.global.startedTest = test.name;
  }
};
