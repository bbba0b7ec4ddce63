const { call } = require("../call.cjs");

const unusual /* spread over
  several lines */ = [
  1,


  2,
];

it("is defined here", async () => expect((await call(`/429?sum=${unusual.length}`)).status).toBe(200));


jest.mock("node:dgram");
