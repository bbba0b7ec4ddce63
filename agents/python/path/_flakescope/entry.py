"""What a runner's session consists of: entries (attempts and fixtures, each the root of a trace) and the hook spans inside
an attempt. Each is left for where we were before."""

from . import compare, context, failure, frames
from .span import KIND_INTERNAL, Span

SEPARATOR = " › "
# Errors of one attempt that are remembered until it ends.
ERRORS = 100

# The attempt that runs in this process, for what tells of its hooks.
_attempts = []


def current_attempt():
    return _attempts[-1] if _attempts else None


def named(suite, name):
    """The attributes that name a test or a fixture."""
    return {
        "flakescope.test.suite": suite,
        "flakescope.test.name": name,
        "test.case.name": SEPARATOR.join(suite + [name]),
        "test.suite.name": SEPARATOR.join(suite),
    }


class Entry:
    """An attempt or a fixture: the root span of a trace of its own."""

    def __init__(self, recorder, kind, attributes, phase, start=None):
        attributes = dict(attributes, **{"flakescope.span.type": kind})
        self.trace = context.Trace(is_test=True, phase=phase)
        self.span = Span(recorder, self.trace, attributes["test.case.name"], KIND_INTERNAL, start=start, attributes=attributes)
        self.place = context.Place(self.trace, self.span.id)
        self.closed = False
        # Where the next part of a test begins.
        self.part_from = self.span.start
        # Errors with the phase that each was raised in, and those that a test's own runner has caught, with that test.
        self._raised = []
        self._caught = []
        self._outer = None
        self._suspended = []

    def open(self):
        """It runs now, and nothing around it does."""
        self._suspended = context.running[:]
        context.running[:] = [self.place]
        self._outer = context.enter(self.place)
        if self.span.attributes["flakescope.span.type"] == "attempt":
            _attempts.append(self)
        self.span.write()

    def link(self):
        """The link by which an attempt names this fixture."""
        return {"trace": self.trace.trace_id, "id": self.span.id, "attrs": {"flakescope.link.type": "fixture"}}

    def serve(self, fixture):
        """Links a fixture, once."""
        if all(link["id"] != fixture.span.id for link in self.span.links):
            self.span.links.append(fixture.link())

    @property
    def status(self):
        return self.span.attributes.get("test.case.result.status")

    def result(self, status):
        """Sets the outcome; a failure stays."""
        if self.status != "fail":
            self.span.attributes["test.case.result.status"] = status

    def skip(self, reason):
        self.result("skip")
        self.span.attributes["flakescope.attempt.skip_reason"] = reason

    def raised(self, error, phase):
        """An error comes out of a part of the attempt that is in `phase`; it is reported later."""
        if len(self._raised) < ERRORS:
            self._raised.append((error, phase))

    def caught(self, test, error):
        """The runner of `test`, which reports only its words, has caught an error."""
        if len(self._caught) < ERRORS:
            self._caught.append((test, error))

    def caught_of(self, test):
        """What the runner of this test has caught, first to last."""
        return [error for one, error in self._caught if one is test]

    def _phase_of(self, error):
        return next((phase for known, phase in self._raised if known is error), self.trace.phase)

    def fail(self, error, phase=None, compared=None):
        self.result("fail")
        self._failed(failure.describe(error, phase or self._phase_of(error), compared))

    def fail_with(self, kind, message, phase=None, stack=None):
        """A failure for which nothing was raised, or only its words have reached us."""
        self.result("fail")
        attributes = {"exception.type": kind, "exception.message": message, "flakescope.failure.phase": phase or self.trace.phase}
        if stack:
            attributes["exception.stacktrace"] = stack
        self._failed(attributes)

    def _failed(self, attributes):
        """Readers take the last error for the failure, and that is what failed first: whatever follows it stands before it."""
        events = self.span.events
        is_first = all(event["name"] != "exception" for event in events)
        self.span.add_event("exception", attributes)
        if is_first:
            self.span.fail(attributes["exception.message"])
        else:
            events.insert(0, events.pop())

    def part(self, name, error, seen=None):
        """A part of the test, which began where the one before it ended, is over: a step, and a failure of the test."""
        span = Span(
            self.span.recorder, self.trace, name, KIND_INTERNAL, parent=self.span.id, start=self.part_from,
            attributes={"flakescope.span.type": "step", "flakescope.phase": self.trace.phase},
        )
        if error is not None:
            frames.strip(error)
            self.fail(error, compared=compare.of(error, seen))
            span.add_event("exception", failure.describe(error, self.trace.phase))
            span.fail(failure.message_of(error))
        span.end()
        span.write()
        self.part_from = span.finished

    def finish(self):
        """Ends and writes an entry that was told when it was over, and never ran."""
        self.closed = True
        self.span.end()
        self.span.write()

    def close(self):
        """Ends and writes the entry; what its test left running goes on in the phase `after`. One without a result was
        dropped while it ran, and stays unfinished."""
        if self.closed:
            return
        self.closed = True
        # With the errors go the frames of the test that they hold.
        self._raised.clear()
        self._caught.clear()
        if self in _attempts:
            _attempts.remove(self)
        if self.place in context.running:
            context.running[:] = self._suspended
        context.enter(self._outer)
        for call in list(self.trace.open):
            call.tell()
        self.trace.phase = "after"
        if self.status is not None:
            self.span.end()
            self.span.write()


class Phase:
    """A stretch of a test that is in a phase of its own, without a step to show."""

    def __init__(self, attempt, phase):
        self.attempt = attempt
        self.phase = phase
        self.place = attempt.place
        self._before = attempt.trace.phase
        attempt.trace.phase = phase

    def fail(self, error):
        self.attempt.raised(error, self.phase)

    def close(self):
        self.attempt.trace.phase = self._before


class HookSpan(Phase):
    """A hook of one test: a span inside its attempt, which is in that phase while it runs."""

    def __init__(self, recorder, attempt, name, kind):
        super().__init__(attempt, "setup" if kind == "beforeEach" else "teardown")
        attributes = {"flakescope.span.type": "hook", "flakescope.hook.type": kind, "flakescope.phase": self.phase}
        self.span = Span(recorder, attempt.trace, name, KIND_INTERNAL, parent=attempt.span.id, attributes=attributes)
        self.place = context.Place(attempt.trace, self.span.id)
        self._outer = context.enter(self.place)
        self.span.write()

    def fail(self, error):
        super().fail(error)
        self.span.add_event("exception", failure.describe(error, self.phase))
        self.span.fail(failure.message_of(error))

    def close(self):
        context.enter(self._outer)
        super().close()
        self.span.end()
        self.attempt.part_from = self.span.finished
        self.span.write()
