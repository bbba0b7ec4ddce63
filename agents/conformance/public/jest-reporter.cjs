// A reporter that notes every outcome of Jest in the file OUTCOMES, and prints nothing.
const { appendFileSync } = require("node:fs");

const WORDS = { passed: "pass", failed: "fail", pending: "pending", todo: "pending", skipped: "pending" };
const firstLine = (text) => text?.replace(/\u001b\[\d*m/g, "").split("\n")[0];

module.exports = class {
  onTestResult(_, { testResults, testExecError, failureMessage }) {
    const note = (line) => appendFileSync(process.env.OUTCOMES, `${JSON.stringify(line)}\n`);
    for (const { status, fullName, failureMessages } of testResults) {
      note({ outcome: WORDS[status] ?? status, title: fullName, error: firstLine(failureMessages[0]) });
    }
    // As Jest's counts have it: a file that could not be run, and what failed outside of any test.
    if (testExecError) note({ outcome: "fail-hook", title: "a test file", error: firstLine(failureMessage) });
  }
};
