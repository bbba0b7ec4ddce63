import { describe, expect, it } from "vitest";
import { phases } from "./phases";

const none = {
  connected_us: null,
  reused_connection: null,
  sent_us: null,
  first_byte_us: null,
  ended_us: null,
  loop_active_ms: null,
};

describe("phases", () => {
  it.each([
    ["nothing said", none, ""],
    [
      "all said",
      { ...none, connected_us: 10, sent_us: 12, first_byte_us: 90, ended_us: 100 },
      "connect 0-10 send 10-12 wait 12-90 receive 90-100",
    ],
    [
      "a reused connection",
      { ...none, connected_us: 0, reused_connection: true, sent_us: 5, first_byte_us: 50, ended_us: 60 },
      "send 0-5 wait 5-50 receive 50-60",
    ],
    ["no answer", { ...none, sent_us: 5, ended_us: 1000 }, "send 0-5 wait 5-1000"],
    [
      "an answer before all was sent",
      { ...none, sent_us: 50, first_byte_us: 20, ended_us: 60 },
      "send 0-50 receive 50-60",
    ],
  ])("%s", (_, timing, expected) => {
    expect(
      phases(timing)
        .map((phase) => `${phase.name} ${phase.from}-${phase.to}`)
        .join(" "),
    ).toBe(expected);
  });
});
