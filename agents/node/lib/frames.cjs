'use strict';
// The only functions of the agent that stand between a caller and the function it called. Their frames would show up
// in the stack traces of errors thrown below them, and so change what a reporter prints; so they are compiled under the
// name of a file that the runners' own stack filters drop.

const { runInThisContext } = require('vm');

/** Mocha drops its own frames, by their folder; Jest, Vitest and others those of the platform. */
const FILE = 'node:internal/node_modules/mocha/flakescope.cjs';

/**
 * The function `factory`, compiled so that runners drop its frames and those of the functions in it. It names nothing
 * but its own parameters and the language's globals.
 * @template {Function} F @param {F} factory @returns {F}
 */
function hidden(factory) {
  return runInThisContext(`(${factory})`, { filename: FILE });
}

const beforeCall = hidden((original, hook) => function (...args) {
  const changed = hook(this, args);
  return Reflect.apply(original, this, changed || args);
});

const aroundCall = hidden((original, hook, after) => function (...args) {
  const token = hook(this, args);
  let result;
  let threw = true;
  try {
    result = Reflect.apply(original, this, args);
    threw = false;
    return result;
  } finally {
    after(this, args, token, result, threw);
  }
});

/**
 * Replaces `target[name]` by a function that first runs `hook(this, arguments)` and then the original, unchanged.
 * The hook must be guarded, and takes its arguments by index, as these are the hottest lines of the agent. An array
 * that it returns replaces the arguments.
 */
function before(target, name, hook) {
  replace(target, name, (original) => beforeCall(original, hook));
}

/**
 * Runs `hook(this, arguments)`, which may change the arguments in place and gives a token, then the original, and
 * `after(this, arguments, token, result, threw)` when that has returned or thrown.
 */
function around(target, name, hook, after) {
  replace(target, name, (original) => aroundCall(original, hook, after));
}

/** Puts the wrapper in place with the original's name, length and property attributes. */
function replace(target, name, wrap) {
  const original = target[name];
  if (typeof original !== 'function') return;
  const wrapper = wrap(original);
  for (const key of ['name', 'length']) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor) Object.defineProperty(wrapper, key, descriptor);
  }
  const own = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, {
    value: wrapper,
    writable: true,
    configurable: true,
    enumerable: own ? own.enumerable : false,
  });
}

module.exports = { before, around, hidden };
