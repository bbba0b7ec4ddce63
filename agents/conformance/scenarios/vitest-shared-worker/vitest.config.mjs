class InOrder {
  shard = (files) => files;
  sort = (files) => files.sort((one, other) => (one.moduleId < other.moduleId ? -1 : 1));
}
export default { cacheDir: process.env.WORK, test: { include: ["*.test.mjs"], watch: false, slowTestThreshold: 60_000, sequence: { sequencer: InOrder } } };
