const { call } = require("../call.cjs");

exports.mochaGlobalSetup = () => call("/json?global-setup");
exports.mochaGlobalTeardown = () => call("/json?global-teardown");
exports.mochaHooks = {
  beforeAll: () => call("/json?root-before"),
  beforeEach: () => call("/json?root-before-each"),
  afterEach: () => call("/json?root-after-each"),
  afterAll: () => call("/json?root-after"),
};
