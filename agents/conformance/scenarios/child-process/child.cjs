const { call } = require("../call.cjs");

call("/json?child").then(({ status }) => process.stdout.write(String(status)));
