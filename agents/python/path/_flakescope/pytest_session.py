"""One session of pytest, told as attempts, hooks and fixtures. What pytest counts decides: each try of a test is an attempt;
an error of a tear-down, or of a file that cannot be collected, is a failed fixture, because pytest counts it beside the
test."""

import os
import sys

from . import compare, frames, logs
from . import pytest_definition as definition
from .entry import Entry, HookSpan
from .failure import message_of
from .guard import guard

# Where reports of parts are made, and how far up that is.
_PARTS = ("_pytest/subtests.py", "_pytest/unittest.py", "pytest_subtests/plugin.py")
_FRAMES = 25

_sessions = []


def begin(recorder, session):
    """The session that is to be recorded, or None for one inside another."""
    if _sessions:
        return None
    found = Session(recorder, session.config)
    _sessions.append(found)
    frames.around(sys.modules["_pytest.fixtures"].FixtureDef, "execute", _executes, _executed)
    return found


def _executes(fixturedef, request):
    return _sessions[0] if _sessions else None


def _executed(session, _result, error, fixturedef, request):
    """A fixture is up, or has failed, or was already."""
    session.fixture_is_up(fixturedef, request, error)


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
        # Fixtures whose function runs, with their span if they have one.
        self.coming_up = {}
        # The places of the set-up of those that have come up.
        self.set_up = {}
        # Fixtures that are up, by definition; those whose tear-down runs, and those whose tear-down ran for this test.
        self.up = {}
        self.going_down = {}
        self.down = []
        # Errors of shared fixtures, which pytest raises again for each test that asks for them.
        self.broken = []
        self.tries = {}
        self.ordinals = {}
        self.left_right = None
        # The error of the part of a test that was over last.
        self.part = None

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
        entry.finish()

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
        if _is_part():
            # The report of a part of the test: what follows tells which.
            self.part = call.excinfo.value if call.excinfo is not None else None
            return
        report = outcome.get_result()
        self._output(item, call.when)
        self._link_fixtures(item)
        error = call.excinfo.value if call.excinfo is not None else None
        if call.when == "teardown" and report.failed:
            self._failed_teardown(item, call, error)
        elif report.failed:
            self._failed(item, report, error)
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

    @guard("pytest part")
    def part_reported(self, report):
        """A part of the test is over: a step of it, which fails it."""
        error, self.part = self.part, None
        if self.attempt is None:
            return
        words = [str(report.context.msg)] if report.context.msg else []
        words += ["{}={}".format(key, value) for key, value in report.context.kwargs.items()]
        self.attempt.part(", ".join(words) or "part", error if report.failed else None, self.left_right)

    def _failed(self, item, report, error):
        # A runner of the test's own hands pytest only the words of what it has caught.
        caught = self.attempt.caught_of(getattr(item, "instance", None))
        for one in caught:
            self.attempt.fail(one, compared=self._compared(one))
        if caught:
            return
        if error is None:
            # A test that passed and should not have, or one whose parts have failed, which are told.
            if self.attempt.status != "fail":
                self.attempt.fail_with("XPass", str(report.longrepr))
        else:
            self.attempt.fail(error, compared=self._compared(error))

    def _compared(self, error):
        for known, entry, compared in self.broken:
            if known is error:
                self.attempt.serve(entry)
                return compared
        return compare.of(error, self.left_right)

    def _failed_teardown(self, item, call, error):
        """pytest counts it beside the test, whose result stands. What failed is the fixture in whose code it was raised."""
        frame_codes = frames.codes(error)
        found = next((entry for code, entry in reversed(self.down) if code in frame_codes), None)
        if isinstance(found, Entry):
            found.fail(error, "teardown", compare.of(error, self.left_right))
            found.span.write()
            self.attempt.serve(found)
            return
        if found is not None:
            found.fail(error)
            found.span.write()
        start = found.span.start if found is not None else None
        entry = self._beside("teardown of " + item.name, definition.file_of(item), "teardown", start)
        entry.span.attributes["flakescope.hook.type"] = "afterEach"
        entry.fail(error, "teardown", compare.of(error, self.left_right))
        entry.finish()
        self.attempt.serve(entry)

    def _output(self, item, when):
        for section_of, stream, text in getattr(item, "_report_sections", ()):
            if section_of == when and stream in ("stdout", "stderr"):
                logs.printed(self.recorder, stream, text, self.attempt.place)

    def _close_attempt(self):
        attempt, self.attempt = self.attempt, None
        self.down = []
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
        """The function of a fixture is about to run."""
        name = None if definition.is_machinery(fixturedef) else definition.hook_of(fixturedef, request, False)
        # What is there to be called at its end before its function has asked for anything: pytest 9 has one of its own.
        before = len(fixturedef._finalizers)
        self.coming_up[fixturedef] = name and self._fixture(fixturedef, request, name, False), before

    def _fixture(self, fixturedef, request, name, goes):
        if fixturedef.scope == "function":
            return HookSpan(self.recorder, self.attempt, name, "afterEach" if goes else "beforeEach") if self.attempt else None
        attributes = definition.describe_fixture(fixturedef, request, name, "afterAll" if goes else "beforeAll")
        entry = Entry(self.recorder, "fixture", attributes, "teardown" if goes else "setup")
        entry.open()
        return entry

    def fixture_is_up(self, fixturedef, request, error):
        if fixturedef not in self.coming_up:
            return
        entry, before = self.coming_up.pop(fixturedef)
        if entry:
            self._is_up(entry, fixturedef, error)
            self.set_up[fixturedef] = entry.place
        if len(fixturedef._finalizers) > before and error is None and not definition.is_machinery(fixturedef):
            # The last to be added is the first to be called: here the tear-down begins.
            fixturedef.addfinalizer(lambda: self._fixture_goes(fixturedef, request))

    def _is_up(self, entry, fixturedef, error):
        skipped = type(error).__name__ == "Skipped"
        if error is not None:
            frames.strip(error)
        if isinstance(entry, HookSpan):
            if error is not None and not skipped:
                entry.fail(error)
            entry.close()
            return
        if error is None:
            entry.result("pass")
        elif skipped:
            entry.skip(message_of(error))
        else:
            compared = compare.of(error, self.left_right)
            self.broken.append((error, entry, compared))
            entry.fail(error, compared=compared)
        self.up[fixturedef] = entry
        entry.close()
        if self.attempt:
            self.attempt.serve(entry)

    @guard("pytest fixture goes")
    def _fixture_goes(self, fixturedef, request):
        name = definition.hook_of(fixturedef, request, True)
        if name and fixturedef not in self.going_down:
            entry = self.going_down[fixturedef] = self._fixture(fixturedef, request, name, True)
            # pytest-asyncio runs the tear-down in the context variables that it has kept of the set-up.
            before = self.set_up.get(fixturedef)
            if before is not None and entry is not None:
                before.successor = entry.place

    @guard("pytest fixture down")
    def fixture_is_down(self, fixturedef):
        entry = self.going_down.pop(fixturedef, None)
        before = self.set_up.pop(fixturedef, None)
        if before is not None:
            before.successor = None
        if entry is not None:
            if isinstance(entry, Entry):
                entry.result("pass")
            entry.close()
            self.down.append((definition.code_of(fixturedef), entry))
        self.up.pop(fixturedef, None)

    @guard("pytest compare")
    def compared(self, op, left, right):
        if op == "==":
            self.left_right = compare.both(right, left)

    @guard("pytest over")
    def over(self):
        self._close_attempt()
        _sessions.remove(self)


def _is_part():
    """Whether pytest makes a report of a part of a test, which it does in the middle of one."""
    frame = sys._getframe(2)
    for _ in range(_FRAMES):
        if frame is None:
            return False
        if frame.f_code.co_filename.endswith(_PARTS) and frame.f_code.co_name in ("addSubTest", "__exit__"):
            return True
        frame = frame.f_back
    return False


def _reason(report):
    """Why a test was skipped, in pytest's words."""
    expected = getattr(report, "wasxfail", None)
    if expected is not None:
        return "xfail: {}".format(expected) if expected else "xfail"
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr or "skipped")
    return text[len("Skipped: ") :] if text.startswith("Skipped: ") else text
