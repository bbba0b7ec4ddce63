// What Vitest prints of the first test hangs on whether its worker had told it before it died, and is not what this is about.
const silent = {};

export default { cacheDir: process.env.WORK, test: { include: ["*test.mjs"], watch: false, isolate: true, slowTestThreshold: 60_000, reporters: [silent] } };
