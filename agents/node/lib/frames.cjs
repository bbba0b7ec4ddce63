'use strict';
// The only functions of the agent that stand between a caller and the function it called. Their frames would show up
// in the stack traces of errors thrown below them, and so change what a reporter prints; the source URL at the end
// makes Mocha's own stack filter drop them like its own frames, and {@link hidden} Jest's.

/**
 * Replaces `target[name]` by a function that first runs `hook(this, arguments)` and then the original, unchanged.
 * The hook must be guarded, and takes its arguments by index, as these are the hottest lines of the agent. An array
 * that it returns replaces the arguments.
 */
function before(target, name, hook) {
  replace(target, name, (original) => function (...args) {
    const changed = hook(this, args);
    return Reflect.apply(original, this, changed || args);
  });
}

/**
 * Runs `hook(this, arguments)`, which may change the arguments in place and gives a token, then the original, and
 * `after(this, arguments, token, result)` when that has returned or thrown.
 */
function around(target, name, hook, after) {
  replace(target, name, (original) => function (...args) {
    const token = hook(this, args);
    let result;
    try {
      result = Reflect.apply(original, this, args);
      return result;
    } finally {
      after(this, args, token, result);
    }
  });
}

/**
 * Names a function of ours, which nobody else can hold, so that Jest drops its frames: source maps make Jest see files
 * instead of source URLs, but its filter looks for its own folders in the whole line of a frame.
 */
function hidden(body) {
  return Object.defineProperty(body, 'name', { value: 'jest/build/flakescope' });
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
//# sourceURL=jest/node_modules/mocha/flakescope-frames.cjs
