'use strict';
// Up to Node 22 any use of asynchronous context puts a last frame of Node's own under the stacks of callbacks.

/** The frame alone: an inspected error may have a brace behind it, which stays. */
const FRAME = /\n[^\n]*\.callbackTrampoline \(node:internal\/async_hooks:[^)\n]*\)/g;

/** Takes that frame from an error before a runner reports it, so that its report reads as without us. */
function hideTrampoline(error) {
  if (typeof error !== 'object' || error === null || typeof error.stack !== 'string') return;
  const stack = error.stack.replace(FRAME, '');
  if (stack !== error.stack) error.stack = stack;
}

module.exports = { hideTrampoline };
