const { call } = require("../call.cjs");

module.exports = () => call("/json?setup");
