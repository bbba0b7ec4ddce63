const { call } = require("../call.cjs");

describe("rotation", () => {
  for (let number = 1; number <= 20; number += 1) it(`is test ${number}`, () => call(`/json?test=${number}`));
});
