'use strict';
// What a session of any test runner consists of: entries (attempts and fixtures, each the root of a trace) and the hook
// spans inside an attempt. Which attributes say what test it is, the runner's own files know.

const context = require('./context.cjs');
const clock = require('./clock.cjs');
const exception = require('./exception.cjs');
const { Span, KIND_INTERNAL } = require('./span.cjs');
const unseen = require('./unseen.cjs');

/** An attempt or a fixture: the root span of a trace of its own. */
class Entry {
  constructor(recorder, { attributes, phase, start, links }) {
    this.trace = new context.Trace({ isTest: true, phase });
    this.span = new Span(recorder, {
      trace: this.trace, name: attributes['test.case.name'], kind: KIND_INTERNAL, start, attributes, links,
    });
    this.context = { trace: this.trace, spanId: this.span.id };
    this.hooksLeft = undefined;
    this.lastActivity = undefined;
    this.closed = false;
  }

  /** An attempt that starts now, or did at `start`. @param {{attributes: object, links?: object[], start?: bigint}} options which test it is */
  static attempt(recorder, { attributes, links, start }) {
    return new Entry(recorder, { phase: 'body', links, start, attributes: { 'flakescope.span.type': 'attempt', ...attributes } });
  }

  /** A fixture of the hook type `type`, or without one for what belongs to no hook. */
  static fixture(recorder, { attributes, type, start }) {
    const all = { 'flakescope.span.type': 'fixture', ...attributes, 'flakescope.test.ordinal': 1 };
    if (type) all['flakescope.hook.type'] = type;
    return new Entry(recorder, { attributes: all, start, phase: type && type.startsWith('after') ? 'teardown' : 'setup' });
  }

  open() {
    unseen.look(this.span.recorder);
    context.running.add(this.context);
    this.span.write();
  }

  /** The link by which an attempt names this fixture. */
  link() {
    return { trace: this.trace.traceId, id: this.span.id, attrs: { 'flakescope.link.type': 'fixture' } };
  }

  /** Sets the outcome; a failure stays. */
  result(status) {
    if (this.span.attributes['test.case.result.status'] !== 'fail') {
      this.span.attributes['test.case.result.status'] = status;
    }
  }

  skip(reason) {
    this.result('skip');
    this.span.attributes['flakescope.attempt.skip_reason'] = reason;
  }

  fail(error, phase) {
    const failed = phase || (this.trace.phase === 'after' ? 'teardown' : this.trace.phase);
    this.result('fail');
    this.span.addEvent('exception', exception.describe(error, failed));
    this.span.fail(exception.messageOf(error));
  }

  /** The test itself is over; `hooks` after-each hooks may follow. Its limit may have changed since it started. */
  finish(timeoutMs, hooks) {
    unseen.look(this.span.recorder);
    this.span.attributes['flakescope.attempt.timeout_ms'] = timeoutMs;
    this.trace.phase = 'teardown';
    this.lastActivity = clock.mono();
    this.hooksLeft = hooks;
    if (hooks > 0) this.span.write();
  }

  /** An after-each hook is over; true when it was the last. */
  hookPassed() {
    this.lastActivity = clock.mono();
    this.hooksLeft -= 1;
    return this.hooksLeft === 0;
  }

  /**
   * Ends and writes the entry; what its test left running goes on in the phase `after`. A test that its runner dropped
   * while it ran has no result and stays unfinished.
   */
  close() {
    if (this.closed) return;
    this.closed = true;
    context.running.delete(this.context);
    for (const call of this.trace.open) call.tell();
    this.trace.phase = 'after';
    if (!this.span.attributes['test.case.result.status']) return;
    this.span.end(this.lastActivity);
    this.span.write();
  }
}

/** A hook that runs for one test alone: a span inside its attempt, which is in that phase while it runs. */
class HookSpan {
  constructor(recorder, attempt, name, type) {
    this.attempt = attempt;
    this.name = name;
    this.type = type;
    this.closed = false;
    attempt.trace.phase = type.startsWith('before') ? 'setup' : 'teardown';
    this.span = new Span(recorder, {
      trace: attempt.trace,
      parent: attempt.span.id,
      name,
      kind: KIND_INTERNAL,
      attributes: {
        'flakescope.span.type': 'hook',
        'flakescope.hook.type': type,
        'flakescope.phase': attempt.trace.phase,
      },
    });
    this.context = { trace: attempt.trace, spanId: this.span.id };
    this.span.write();
  }

  fail(error) {
    this.span.addEvent('exception', exception.describe(error, this.span.attributes['flakescope.phase']));
    this.span.fail(exception.messageOf(error));
  }

  close() {
    this.closed = true;
    if (this.type.startsWith('before') && this.attempt.trace.phase === 'setup') this.attempt.trace.phase = 'body';
    this.span.end();
    this.attempt.lastActivity = this.span.finished;
    this.span.write();
  }
}

module.exports = { Entry, HookSpan };
