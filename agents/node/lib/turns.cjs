'use strict';
// Counts the turns of the event loop, to tell what happened in one of them from what happened one after another.

const { setImmediate: soon } = require('./natives.cjs');

let turn = 0;
let isCounted = false;

function next() {
  turn += 1;
  isCounted = false;
}

/** The number of this turn. It ends after what the network has brought in it; to count that keeps no process alive. */
function current() {
  if (!isCounted) {
    isCounted = true;
    soon(next).unref();
  }
  return turn;
}

module.exports = { current };
