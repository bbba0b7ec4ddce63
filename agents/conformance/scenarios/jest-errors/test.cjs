const { call } = require("../call.cjs");

describe("errors", () => {
  it("compares values", async () => expect((await call("/429")).status).toBe(200));
  it("compares objects", () => expect({ a: [1, 2] }).toEqual({ a: [1, 3] }));
  it("has no expected value", () => expect(jest.fn()).toHaveBeenCalled());
  it("misses a snapshot", () => expect({ a: 1 }).toMatchSnapshot());
  it("differs from an inline snapshot", () => expect("one").toMatchInlineSnapshot(`"two"`));
  it("counts too few assertions", () => expect.assertions(2));
  it("throws many at once", () => {
    throw new AggregateError([new Error("first"), new TypeError("second")]);
  });
  it("throws a string", () => {
    throw "just text";
  });
  it("throws nothing", () => {
    throw undefined;
  });
  it("fails by its callback", (done) => {
    done(new RangeError("by callback"));
  });
  it("has a cause", () => {
    throw new Error("outer", { cause: new Error("inner") });
  });
  it("fails in its body and after it", () => {
    throw new Error("in the body");
  });
  afterEach(() => {
    if (expect.getState().currentTestName.endsWith("after it")) throw new Error("after the body");
  });
});

describe("a block that cannot be cleaned up", () => {
  it("passes", () => {});
  afterAll(async () => {
    await call("/503?after");
    throw new Error("not cleaned up");
  });
});
