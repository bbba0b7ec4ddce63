// Mocha ends before the distribution has sent everything. For `--require`, so that no test changes.
"use strict";
exports.mochaHooks = {
  async afterAll() {
    const { loggerProvider, tracerProvider } = await require("@lumigo/opentelemetry").init;
    await Promise.all([tracerProvider, loggerProvider].map((provider) => provider?.forceFlush()));
  },
};
