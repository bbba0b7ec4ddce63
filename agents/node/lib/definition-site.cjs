'use strict';
// Where a test or a hook is defined: the stack is taken while it is being defined, and turned into places only when they
// are asked for.

const { prepareStackTrace } = require('./natives.cjs');

const SEPARATOR = ' › ';

/** The stack at definition, by whatever stands for the test or hook. @type {WeakMap<object, {stack?: string}>} */
const definitions = new WeakMap();

/** Remembers from where `defined` is being defined, in a call of `below`, `frames` deep at most. */
function note(defined, { below, frames }) {
  if (!defined || (typeof defined !== 'object' && typeof defined !== 'function')) return;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = frames;
  const holder = {};
  Error.captureStackTrace(holder, below);
  Error.stackTraceLimit = limit;
  definitions.set(defined, holder);
}

/** What {@link framesOf} takes, for something that was noted. */
function noted(defined) {
  return definitions.get(defined);
}

/**
 * The frames of a stack that lie in files, innermost first.
 * @param {{stack?: string}} holder
 * @param {boolean} [mapped] whether to ask whoever makes the text of stacks, because source maps may be at work
 * @returns {{file: string, line: number}[]}
 */
function framesOf(holder, mapped = Error.prepareStackTrace !== prepareStackTrace || process.sourceMapsEnabled) {
  return mapped ? mappedFrames(holder.stack) : rawFrames(holder);
}

/** Frames as somebody's source maps tell them, which is only as text. */
function mappedFrames(stack) {
  const frames = [];
  for (const line of typeof stack === 'string' ? stack.split('\n') : []) {
    const match = /(?:\(|at (?:async )?)((?:file:\/\/)?\/[^()]*):(\d+):\d+\)?$/.exec(line);
    if (match) frames.push({ file: pathOf(match[1]), line: Number(match[2]) });
  }
  return frames;
}

/** Frames as V8 has them, without the cost of making a text of them. */
function rawFrames(holder) {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  Error.prepareStackTrace = (_, sites) => sites;
  let sites;
  try {
    sites = holder.stack;
  } finally {
    if (before) Object.defineProperty(Error, 'prepareStackTrace', before);
    else delete Error.prepareStackTrace;
  }
  const frames = [];
  for (const site of Array.isArray(sites) ? sites : []) {
    const file = site.getFileName();
    if (file && (file[0] === '/' || file.startsWith('file:'))) frames.push({ file: pathOf(file), line: site.getLineNumber() });
  }
  return frames;
}

function pathOf(file) {
  return file.startsWith('file://') ? decodeURIComponent(file.slice(7)) : file;
}

/** The name of a test with its suites before it. @param {string[]} suite @param {string} name */
function fullName(suite, name) {
  return [...suite, name].join(SEPARATOR);
}

module.exports = { SEPARATOR, note, noted, framesOf, fullName };
