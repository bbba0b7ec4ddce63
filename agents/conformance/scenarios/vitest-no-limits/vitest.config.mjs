export default { cacheDir: process.env.WORK, test: { include: ["*test.mjs"], watch: false, isolate: true, slowTestThreshold: 60_000, hookTimeout: 0, testTimeout: 0 } };
