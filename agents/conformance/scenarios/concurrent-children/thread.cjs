const { workerData } = require("node:worker_threads");
const { call } = require("../call.cjs");

call(workerData);
