// Mocha's own spec reporter that also notes every outcome in a file: works with any Mocha since version 3.
const { appendFileSync } = require("node:fs");

const mocha = require(require.resolve("mocha", { paths: [process.cwd()] }));

module.exports = class extends mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const note = (outcome) => (test, error) => {
      const line = JSON.stringify({ outcome, title: test.fullTitle(), error: error && String(error.message).split("\n")[0] });
      appendFileSync(process.env.OUTCOMES, `${line}\n`);
    };
    for (const outcome of ["pass", "fail", "pending", "retry"]) runner.on(outcome, note(outcome));
  }
};
