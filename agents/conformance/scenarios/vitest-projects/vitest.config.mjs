const project = (name, pool) => ({ extends: true, test: { name, pool, include: ["*.test.mjs"] } });
export default { cacheDir: process.env.WORK, test: { watch: false, isolate: true, slowTestThreshold: 60_000, projects: [project("forked", "forks"), project("threaded", "threads")] } };
