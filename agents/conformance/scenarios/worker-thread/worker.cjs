const { parentPort } = require("node:worker_threads");
const { call } = require("../call.cjs");

call("/json?thread").then(({ status }) => parentPort.postMessage(status));
