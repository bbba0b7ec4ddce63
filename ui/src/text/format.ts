// Numbers as people read them. Durations come in milliseconds, sizes in bytes.

/** A duration: `< 1 ms`, `118 ms`, `3.20 s`, `6 m 41 s`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return "never ended";
  if (ms < 1) return ms === 0 ? "< 1 ms" : `${ms.toFixed(2)} ms`;
  if (ms < 1000) return `${Math.round(ms * 10) / 10} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} m`;
}

/** A point on a recording's axis: `+3.204 s`. */
export function offset(ms: number): string {
  return `+${(ms / 1000).toFixed(3)} s`;
}

/** A size: `61 B`, `4.2 KiB`, `1.0 MiB`. */
export function size(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return "";
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** A count with its noun: `1 call`, `4 calls`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? noun : plural}`;
}

/** How long ago: `just now`, `4 min ago`, `3 h ago`, `2 d ago`, then the date. */
export function ago(instant: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(instant)) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 60 * 24) return `${Math.floor(minutes / 60)} h ago`;
  if (minutes < 60 * 24 * 7) return `${Math.floor(minutes / 60 / 24)} d ago`;
  return instant.slice(0, 10);
}

/** A wall clock's time of day with milliseconds, in the reader's zone. */
export function clock(instant: string | number): string {
  const date = new Date(instant);
  const pad = (number: number, digits = 2) => String(number).padStart(digits, "0");
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}
