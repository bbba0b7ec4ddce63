'use strict';
module.exports = { attach(recorder) { return { recorder }; } };
