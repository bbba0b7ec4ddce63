'use strict';
// Hooks Mocha 8 to 12: its runner announces every test and hook just before it runs them, which is all we need. The
// functions of tests and hooks themselves are left alone, so no frame of ours is in a failing test's stack.

const { guard } = require('./guard.cjs');
const frames = require('./frames.cjs');
const definition = require('./mocha-definition.cjs');
const output = require('./output.cjs');
const { hideTrampoline } = require('./trampoline.cjs');
const { Session } = require('./mocha-session.cjs');

/** The first Mocha runs the tests; one that the tests load themselves is their subject, and not recorded. */
let attached = false;

/**
 * @param {import('./recorder.cjs').Recorder} recorder
 * @param {any} Mocha what it exports
 */
function attach(recorder, Mocha) {
  const { Runner, Suite } = Mocha || {};
  if (!Runner || !Suite || attached) return;
  attached = true;
  const version = String(Mocha.prototype.version || '');

  frames.before(Suite.prototype, 'addTest', guard('mocha definition', (suite, [test]) => definition.note(test, Suite.prototype.addTest)));
  frames.before(Suite.prototype, '_createHook', guard('mocha definition', (suite, [, body]) => definition.note(body, Suite.prototype._createHook)));

  /** @type {WeakMap<object, Session>} */
  const sessions = new WeakMap();
  const onEvent = guard('mocha events', (runner, event, subject, error) => {
    // Mocha has filtered the stack just now.
    if (event === 'fail') hideTrampoline(error);
    if (!sessions.has(runner)) sessions.set(runner, new Session(recorder, runner, version));
    sessions.get(runner).on(event, subject, error);
  });
  frames.around(Runner.prototype, 'emit', (runner, args) => {
    output.muted += 1;
    onEvent(runner, args[0], args[1], args[2]);
  }, () => {
    output.muted -= 1;
  });
}

module.exports = { attach };
