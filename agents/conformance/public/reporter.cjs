// Mocha's own spec reporter that also notes every outcome in a file: works with any Mocha since version 3.
// MOCHA is the folder of the Mocha that runs, OUTCOMES the file.
const { appendFileSync } = require("node:fs");

const mocha = require(process.env.MOCHA);

/** Mocha tells the failure of a hook, and a second failure of one test, by the same event as a test's own. */
function refine(outcome, test, seen) {
  if (outcome !== "fail") return outcome;
  if (test.type === "hook") return "fail-hook";
  return seen.has(test) ? "fail-again" : "fail";
}

module.exports = class extends mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const seen = new WeakSet();
    const note = (event) => (test, error) => {
      const outcome = refine(event, test, seen);
      seen.add(test);
      const line = JSON.stringify({ outcome, title: test.fullTitle(), error: error && String(error.message).split("\n")[0] });
      appendFileSync(process.env.OUTCOMES, `${line}\n`);
    };
    for (const event of ["pass", "fail", "pending"]) runner.on(event, note(event));
  }
};
