'use strict';
// The optional API of `@flakescope/node`. It talks to the agent that `flakescope run` has loaded into this process;
// without one every function only does what it is given.

const AGENT = Symbol.for('flakescope.agent');

/** Runs `fn` as a test of its own, for scripts and runners that the agent does not know. Answers what `fn` answers. */
function test(name, fn) {
  const agent = globalThis[AGENT];
  return agent ? agent.test(name, fn) : fn();
}

/** Runs `fn` as a named step of the test that is running. Answers what `fn` answers. */
function step(name, fn) {
  const agent = globalThis[AGENT];
  return agent ? agent.step(name, fn) : fn();
}

/** Tags the test that is running, or the whole run outside a test. */
function tag(key, value) {
  const agent = globalThis[AGENT];
  if (agent) agent.tag(key, value);
}

module.exports = { test, step, tag };
