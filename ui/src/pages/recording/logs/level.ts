// Severity numbers of the OpenTelemetry logs data model as levels.

export type Level = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "log";

const LEVELS: Level[] = ["trace", "debug", "info", "warn", "error", "fatal"];

/** Four numbers make a level; 0 is not said. */
export function levelOf(severity: number): Level {
  return severity < 1 ? "log" : (LEVELS[Math.floor((severity - 1) / 4)] ?? "fatal");
}
