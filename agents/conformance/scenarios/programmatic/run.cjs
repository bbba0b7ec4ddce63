const Mocha = require("mocha");
const { join } = require("node:path");

new Mocha({ reporter: "spec" }).addFile(join(__dirname, "test.cjs")).run((failures) => {
  process.exitCode = failures;
});
