import { writeFileSync } from "node:fs";
import { join } from "node:path";

// Tells the worker, by a file, that what passed has arrived here: it dies after that and not before, however slow both are.
const heard = { onTestCaseResult: () => writeFileSync(join(process.env.WORK, "heard"), "") };

export default { cacheDir: process.env.WORK, test: { include: ["*test.mjs"], watch: false, isolate: true, slowTestThreshold: 60_000, reporters: ["default", heard] } };
