// Takes out of a text what differs between two runs of the same thing, and nothing else.
import { createHash } from "node:crypto";

/** Texts longer than this are shown by length and hash: an expected recording stays readable. */
const LONG = 600;

const PATTERNS = [
  [/\b(127\.0\.0\.1|localhost|\[::1\]|0\.0\.0\.0)(:|%3A)\d{4,5}\b/g, "$1$2<port>"],
  [/\b(EADDRINUSE|ECONNREFUSED|ECONNRESET)( [^ \n]*:)\d{4,5}\b/g, "$1$2<port>"],
  [/\bpid=\d+/g, "pid=<pid>"],
  [/\(node:\d+\)/g, "(node:<pid>)"],
  [/\b[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT/g, "<date>"],
  [/\b\d{8}T\d{6}Z\b/g, "<date>"],
  [/\b00-[0-9a-f]{32}-[0-9a-f]{16}-([0-9a-f]{2})\b/g, "00-<trace>-<span>-$1"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "<uuid>"],
  // Said by the client with what took how long, or by the server without, whoever is first.
  [/\bDeadline exceeded\b[^\n"]*/g, "Deadline exceeded <details>"],
  [/\bos\/linux#[^ ]+/g, "os/linux#<version>"],
];

/** Returns a function that normalises texts of one run; `places` maps a name such as `<dir>` to a path. */
export function normaliser({ places, nodeVersion }) {
  const paths = Object.entries(places).sort(([, a], [, b]) => b.length - a.length);
  return (text) => {
    let result = text;
    for (const [name, path] of paths) result = result.replaceAll(path, name);
    result = result.replaceAll(nodeVersion, "<node version>");
    for (const [pattern, replacement] of PATTERNS) result = result.replace(pattern, replacement);
    return result;
  };
}

/** Without frames of the platform, of packages and of the agent: they differ between versions of Node. */
export const ownFrames = (text) => text.replace(/\n +at [^\n]*(node:|node_modules|<agent>)[^\n]*/g, "");

/** The same for what a runner printed: durations too, which are printed only of what is slow. */
export function output(text, normalise) {
  return normalise(text)
    .replace(/ ?\(\d+(\.\d+)? ?m?s\)/g, "")
    .replace(/^(Time: +).*$/gm, "$1<time>")
    .replace(/"duration": ?\d+/g, '"duration": 0')
    .replace(/"((?:start|end)(?:Time|At)?|startedAt)": ?\d{10,}/g, '"$1": 0')
    .replace(/\bduration_ms(:?) [\d.]+/g, "duration_ms$1 <time>")
    .replace(/^( +(?:Start at|Duration) +).*$/gm, "$1<time>")
    .replace(/\b\d+(\.\d+)?ms\b/g, "<time>");
}

/** A text of any length as something short that still differs when the text does. */
export function shorten(text) {
  if (text.length <= LONG) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return `<${text.length} characters, ${hash}> ${text.slice(0, 40)}`;
}
