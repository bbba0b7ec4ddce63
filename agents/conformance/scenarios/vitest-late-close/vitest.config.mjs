export default { cacheDir: process.env.WORK, test: { include: ["*test.mjs"], watch: false, isolate: true, slowTestThreshold: 60_000 } };
