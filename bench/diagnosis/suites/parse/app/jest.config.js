module.exports = {
  testMatch: ['<rootDir>/tests/*.test.js'],
  testTimeout: 20_000,
  transform: {},
  watchman: false,
  cacheDirectory: '<rootDir>/.cache'
}
