'use strict';
// The optional API of `@flakescope/node`. It talks to the agent that `flakescope run` has loaded into this process;
// without one every function only does what it is given. Both ways `fn` is called from the same place, so that a stack
// trace is the same.

const AGENT = Symbol.for('flakescope.agent');

/** Runs `fn` as a test of its own, for scripts and runners that the agent does not know. Answers what `fn` answers. */
function test(name, fn) {
  const agent = globalThis[AGENT];
  const call = agent ? agent.test.bind(agent, name, fn) : fn;
  return call();
}

/** Runs `fn` as a named step of the test that is running. Answers what `fn` answers. */
function step(name, fn) {
  const agent = globalThis[AGENT];
  const call = agent ? agent.step.bind(agent, name, fn) : fn;
  return call();
}

/** Tags the test that is running, or the whole run outside a test. */
function tag(key, value) {
  const agent = globalThis[AGENT];
  if (agent) agent.tag(key, value);
}

module.exports = { test, step, tag };
