const { call } = require("../call.cjs");

test.each([
  [1, 2],
  [3, 4],
])("adds %i to %i", (a, b) => call(`/json?sum=${a + b}`));

test.each`
  path
  ${"one"}
  ${"two"}
`("asks for $path", ({ path }) => call(`/json?path=${path}`));

describe.each(["red", "blue"])("in %s", (colour) => {
  it("has the same title", () => call(`/json?${colour}=1`));
  it("has the same title", () => call(`/json?${colour}=2`));
});

test.failing("is meant to fail", async () => expect((await call("/503")).status).toBe(200));
test.failing("is meant to fail, and does not", () => call("/json"));

test("takes a callback", (done) => {
  call("/json?callback").then(() => done(), done);
});
