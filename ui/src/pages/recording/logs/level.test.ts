import { expect, it } from "vitest";
import { levelOf } from "./level";

it.each([
  [0, "log"],
  [1, "trace"],
  [5, "debug"],
  [9, "info"],
  [12, "info"],
  [13, "warn"],
  [17, "error"],
  [24, "fatal"],
  [99, "fatal"],
])("severity %j is %s", (severity, level) => expect(levelOf(severity)).toBe(level));
