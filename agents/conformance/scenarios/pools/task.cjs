const { call } = require("../call.cjs");

module.exports = async (path) => (await call(path)).status;
