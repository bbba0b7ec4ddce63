"""One session of pytest, told as attempts, hooks and fixtures. What pytest counts decides: each try of a test is an attempt;
an error of a tear-down, or of a file that cannot be collected, is a failed fixture, because pytest counts it beside the
test."""

import os

from . import clock, compare, frames, logs
from . import pytest_definition as definition
from .entry import Entry, HookSpan
from .failure import message_of
from .guard import guard

_sessions = []


def begin(recorder, session):
    """The session that is to be recorded, or None for one inside another."""
    if _sessions:
        return None
    found = Session(recorder, session.config)
    _sessions.append(found)
    return found


class Session:
    """The state of one session. Its methods are what happens, in order."""

    def __init__(self, recorder, config):
        self.recorder = recorder
        self.config = config
        # A worker of xdist runs tests; who started it repeats what it reports.
        self.is_worker = hasattr(config, "workerinput")
        self.attempt = None
        self.last = None
        self.hook = None
        # Fixtures that are up, by definition; those of their tear-down that run.
        self.up = {}
        self.going_down = {}
        self.tries = {}
        self.ordinals = {}
        self.left_right = None

    @guard("pytest collected")
    def collected(self, items):
        counts = {}
        for item in items:
            key = definition.key_of(item)
            counts[key] = counts.get(key, 0) + 1
            self.ordinals[item] = counts[key]

    @guard("pytest collect")
    def not_collected(self, report):
        if self.is_worker:
            return
        path = os.path.join(str(self.config.rootpath), report.nodeid.partition("::")[0]) if report.nodeid else ""
        entry = self._beside("collection of " + (report.nodeid or "the tests"), path, "setup")
        text = str(report.longreprtext or "")
        last = text.strip().splitlines()[-1:] or ["cannot be collected"]
        entry.fail_with("CollectError", last[0].lstrip("E ").strip(), "setup", text)
        entry.close()

    def _beside(self, name, path, phase, start=None):
        """A failure that pytest counts and that belongs to no test."""
        return Entry(self.recorder, "fixture", definition.describe_failed(name, path, name), phase, start=start)

    @guard("pytest begin")
    def begin(self, item):
        self._close_attempt()
        number = self.tries[item] = self.tries.get(item, 0) + 1
        attributes = definition.describe(item, number, self.ordinals.get(item, 1))
        self.left_right = None
        self.attempt = Entry(self.recorder, "attempt", attributes, "setup")
        self.attempt.item = item
        self.attempt.open()

    @guard("pytest phase")
    def phase_over(self, call):
        """A phase is over, before it is turned into a report."""
        if call.excinfo is not None:
            frames.strip(call.excinfo.value)
            # What pytest shows begins at the traceback that it took.
            call.excinfo._excinfo = (call.excinfo.type, call.excinfo.value, call.excinfo.value.__traceback__)
            call.excinfo._traceback = None

    @guard("pytest report")
    def reported(self, item, call, outcome):
        attempt = self.attempt
        if attempt is None or attempt.item is not item:
            return
        report = outcome.get_result()
        self._output(item, call.when)
        self._link_fixtures(item)
        error = call.excinfo.value if call.excinfo is not None else None
        if call.when == "teardown" and report.failed:
            self._failed_teardown(item, call, error)
        elif report.failed:
            self._failed(report, error)
        elif report.skipped:
            attempt.skip(_reason(report))
        elif call.when == "call":
            attempt.result("pass")
        self._next_phase(call.when, report)

    def _next_phase(self, when, report):
        attempt = self.attempt
        if when == "teardown":
            self._close_attempt()
        elif when == "setup" and report.passed:
            attempt.trace.phase = "body"
        else:
            attempt.trace.phase = "teardown"
            attempt.span.write()

    def _failed(self, report, error):
        if error is None:
            # A test that passed and should not have.
            self.attempt.fail_with("XPass", str(report.longrepr))
        else:
            self.attempt.fail(error, compared=compare.of(error, self.left_right))

    def _failed_teardown(self, item, call, error):
        """pytest counts it beside the test, whose result stands."""
        start = clock.mono() - int((call.stop - call.start) * 1e9) if call.stop >= call.start else None
        entry = self._beside("teardown of " + item.name, definition.file_of(item), "teardown", start)
        entry.span.attributes["flakescope.hook.type"] = "afterEach"
        entry.fail(error, "teardown") if error is not None else entry.fail_with("Error", "teardown failed")
        entry.closed = True
        entry.span.end()
        entry.span.write()
        self.attempt.serve(entry)

    def _output(self, item, when):
        for section_of, stream, text in getattr(item, "_report_sections", ()):
            if section_of == when and stream in ("stdout", "stderr"):
                logs.printed(self.recorder, stream, text, self.attempt.place)

    def _close_attempt(self):
        attempt, self.attempt = self.attempt, None
        if attempt is not None:
            self.last = attempt
            attempt.close()

    @guard("pytest retry")
    def retried(self, nodeid):
        """A plugin runs the test again, and says so when this try is over."""
        attempt = self.attempt or self.last
        if attempt is not None and attempt.item.nodeid == nodeid:
            attempt.span.attributes["flakescope.attempt.retried"] = True
            attempt.result("fail")
            if attempt.closed:
                attempt.span.write()

    def _link_fixtures(self, item):
        """Every shared fixture that this test has, however it asked for it."""
        active = getattr(getattr(item, "_request", None), "_fixture_defs", None) or {}
        for fixturedef in list(active.values()):
            entry = self.up.get(fixturedef)
            if entry is not None:
                self.attempt.serve(entry)

    @guard("pytest fixture")
    def fixture_begins(self, fixturedef, request):
        """The span of a fixture that is set up, or None where nothing of the project runs."""
        if definition.is_machinery(fixturedef):
            return None
        if fixturedef.scope == "function":
            return HookSpan(self.recorder, self.attempt, str(fixturedef.argname), "beforeEach") if self.attempt else None
        entry = Entry(self.recorder, "fixture", definition.describe_fixture(fixturedef, request, "beforeAll"), "setup")
        entry.open()
        return entry

    @guard("pytest fixture up")
    def fixture_is_up(self, entry, fixturedef, request, outcome):
        error = outcome.excinfo[1] if outcome.excinfo else None
        if error is not None:
            frames.strip(error)
            skipped = type(error).__name__ == "Skipped"
            entry.skip(message_of(error)) if skipped and isinstance(entry, Entry) else skipped or entry.fail(error)
        if isinstance(entry, Entry):
            entry.result("pass") if entry.status is None else None
            self.up[fixturedef] = entry
            if self.attempt:
                self.attempt.serve(entry)
        entry.close()
        if fixturedef._finalizers and error is None:
            # The last to be added is the first to be called: here the tear-down begins.
            fixturedef.addfinalizer(lambda: self._fixture_goes(fixturedef, request))

    @guard("pytest fixture goes")
    def _fixture_goes(self, fixturedef, request):
        # The one that is left tells us that it is over; without another there is nothing to tear down.
        if len(fixturedef._finalizers) < 2 or fixturedef in self.going_down:
            return
        if fixturedef.scope == "function":
            if self.attempt:
                self.going_down[fixturedef] = HookSpan(self.recorder, self.attempt, str(fixturedef.argname), "afterEach")
            return
        entry = Entry(self.recorder, "fixture", definition.describe_fixture(fixturedef, request, "afterAll"), "teardown")
        entry.open()
        self.going_down[fixturedef] = entry

    @guard("pytest fixture down")
    def fixture_is_down(self, fixturedef):
        entry = self.going_down.pop(fixturedef, None)
        if entry is not None:
            if isinstance(entry, Entry):
                entry.result("pass")
            entry.close()
        self.up.pop(fixturedef, None)

    @guard("pytest compare")
    def compared(self, op, left, right):
        if op == "==":
            self.left_right = compare.both(right, left)

    @guard("pytest over")
    def over(self):
        self._close_attempt()
        _sessions.remove(self)


def _reason(report):
    """Why a test was skipped, in pytest's words."""
    expected = getattr(report, "wasxfail", None)
    if expected is not None:
        return "xfail: {}".format(expected) if expected else "xfail"
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr or "skipped")
    return text[len("Skipped: ") :] if text.startswith("Skipped: ") else text
