import { fileURLToPath } from "node:url";
import Mocha from "mocha";

const file = fileURLToPath(new URL("test.cjs", import.meta.url));

new Mocha({ reporter: "spec" }).addFile(file).run((failures) => {
  process.exitCode = failures;
});
