// Takes out of what Python prints what differs between two runs, or two versions, of the same thing.
import { normaliser as common } from "../../lib/text.mjs";

const PATTERNS = [
  [/\bin \d+\.\d+s( \(\d+:\d+:\d+\))?/g, "in <time>"],
  [/\bin \d+\.\d+ seconds/g, "in <time>"],
  [/\bport=\d{4,5}\b/g, "port=<port>"],
  [/\b(127\.0\.0\.1|localhost)', (port=)?\d{4,5}\b/g, "$1', <port>"],
  [/0x[0-9a-f]{6,16}\b/g, "0x<address>"],
  [/(<venv>\/bin\/python)[\d.]*/g, "$1"],
  [/\[gw\d\]/g, "[gw]"],
  [/\bStack of (Thread-\d+ \(.*?\)) \(\d+\)/g, "Stack of $1"],
  [/~~~+/g, "~~~"],
  [/\bpid \d+/g, "pid <pid>"],
  [/\bpid=\d+/g, "pid=<pid>"],
  [/python3\.\d+/g, "python3.x"],
  [/Python 3\.\d+\.\d+/g, "Python <version>"],
  [/lang\/python#3\.\d+\.\d+/g, "lang/python#<version>"],
  [/Python\/3\.\d+(?:\.\d+)?/g, "Python/3.x"],
  [/python-urllib\/3\.\d+/gi, "Python-urllib/3.x"],
  // Which file a pool of workers or a cache made of a test's output in.
  [/=+ (.*?) =+/g, "= $1 ="],
];

/** As the common one, for `places` that map a name such as `<dir>` to a path. */
export function normaliser(places) {
  const text = common({ places, nodeVersion: "no version of Node" });
  return (raw) => PATTERNS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text(raw));
}

/**
 * A stack without frames of the platform and of packages, and without the marks below its lines: both differ between
 * versions of Python.
 */
export function ownFrames(raw) {
  // The short form of a traceback: a place, and the line that stands there.
  const text = raw.replace(/^(<python>|<venv>|<frozen).*: in .*\n(?: {4}.*\n)*/gm, "");
  if (!text.includes("Traceback (most recent call last)")) return text;
  const kept = [];
  let skipping = false;
  for (const line of text.split("\n")) {
    if (/^ +(\| )?File "/.test(line)) skipping = /File "(<venv>|<python>|<frozen|<agent>)/.test(line);
    else if (!/^ {4}/.test(line)) skipping = false;
    if (!skipping && !/^[ |]*[\^~]+[\^~ ]*$/.test(line)) kept.push(line);
  }
  return kept.join("\n");
}
