const { call } = require("../call.cjs");

describe.each(["modern", "legacy"])("%s timers", (kind) => {
  beforeEach(() => {
    jest.useFakeTimers(kind === "legacy" ? { legacyFakeTimers: true } : { now: 0, doNotFake: ["nextTick", "queueMicrotask"] });
  });
  afterEach(() => jest.useRealTimers());

  it("makes a call", async () => {
    expect((await call(`/json?${kind}`)).status).toBe(200);
    setTimeout(() => console.log("an hour later"), 3_600_000);
    jest.advanceTimersByTime(3_600_000);
  });
  it("fetches", async () => expect((await fetch(`${process.env.SERVER_URL}/json?fetch=${kind}`)).status).toBe(200));
});
