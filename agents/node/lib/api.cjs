'use strict';
// The agent's side of the explicit API: tests, steps and tags that a project names itself. What the project's
// functions return or throw passes through.

const context = require('./context.cjs');
const { hidden } = require('./frames.cjs');
const { guard } = require('./guard.cjs');
const own = require('./own.cjs');

const FRAMEWORK = 'flakescope';

/**
 * The object behind `Symbol.for('flakescope.agent')`.
 * @param {import('./recorder.cjs').Recorder} recorder
 */
function attach(recorder) {
  const beginTest = guard('api test', (name) => new Named(recorder, String(name), testOptions(String(name))));
  const beginStep = guard('api step', (name) => new Named(recorder, String(name), stepOptions()));
  return Object.freeze({
    version: recorder.spool.identity.version,
    test: runNamed((name) => (isInTest() ? beginStep : beginTest)(name)),
    step: runNamed(beginStep),
    tag: guard('api tag', (key, value) => {
      const { trace } = context.place();
      recorder.tag(key, value, trace.isTest ? trace.traceId : undefined);
    }),
  });
}

/** Whether the code that asks is part of a test; another that happens to run at the same time is none of its business. */
function isInTest() {
  const active = context.active();
  return Boolean(active && active.trace.isTest);
}

/** A function that runs `fn` inside what `begin` names, which ends when `fn` returns, throws, or its promise settles. */
const runNamed = hidden((context) => (begin) => (name, fn) => {
  const named = begin(name);
  if (!named) return fn();
  let result;
  try {
    result = context.run(named.context, fn);
  } catch (error) {
    named.fail(error);
    throw error;
  }
  if (!result || typeof result.then !== 'function') {
    named.pass();
    return result;
  }
  return result.then(
    (value) => {
      named.pass();
      return value;
    },
    (error) => {
      named.fail(error);
      throw error;
    },
  );
})(context);

function testOptions(name) {
  const trace = new context.Trace({ isTest: true, phase: 'body' });
  return {
    trace,
    isTest: true,
    attributes: {
      'flakescope.span.type': 'attempt',
      'flakescope.test.framework': FRAMEWORK,
      'flakescope.test.framework.version': '',
      'flakescope.test.suite': [],
      'flakescope.test.name': name,
      'flakescope.test.ordinal': 1,
      'flakescope.attempt.number': 1,
      'test.case.name': name,
      'test.suite.name': '',
      'code.file.path': process.argv[1],
    },
  };
}

function stepOptions() {
  const { trace, parent } = context.place();
  const attributes = { 'flakescope.span.type': 'step' };
  if (trace.isTest) attributes['flakescope.phase'] = trace.phase;
  return { trace, parent, attributes };
}

/** A test or a step that the project has named. */
class Named {
  constructor(recorder, name, { trace, parent, attributes, isTest }) {
    const { Span, KIND_INTERNAL } = own.load('span.cjs');
    this.isTest = isTest;
    this.span = new Span(recorder, { trace, parent, name, kind: KIND_INTERNAL, attributes });
    this.context = { trace, spanId: this.span.id };
    if (isTest) context.running.add(this.context);
    this.span.write();
    this.pass = guard('api pass', () => this.close('pass'));
    this.fail = guard('api fail', (error) => {
      const exception = own.load('exception.cjs');
      this.span.addEvent('exception', exception.describe(error, trace.phase));
      this.span.fail(exception.messageOf(error));
      this.close('fail');
    });
  }

  close(status) {
    if (this.isTest) {
      this.span.attributes['test.case.result.status'] = status;
      context.running.delete(this.context);
      this.span.trace.phase = 'after';
    }
    this.span.end();
    this.span.write();
  }
}

module.exports = { attach };
