"""Runs of the library's own runner, told as attempts and fixtures. Tests are followed by what the result object is told,
so no frame of ours is in the way of a test."""

import platform
import sys

from . import compare, frames
from .entry import Entry, named
from .failure import message_of
from .unittest_case import is_written

NOT_RUN_NAMES = 100
NAME_CHARACTERS = 1024

_session = None


def install(recorder, module):
    """`module` is `unittest.runner`, just imported."""
    def begin(runner, *args, **kwargs):
        global _session
        if _session is not None or "_pytest.config" in sys.modules:
            return None
        _session = Session(recorder)
        _session.install()
        return _session

    def over(session, *args, **kwargs):
        session.close()

    frames.around(module.TextTestRunner, "run", begin, over)


def install_testtools(recorder, module):
    """`module` is `testtools.testresult.real`, just imported. The runners that use testtools, its own and those of subunit, have
    one of these results and nothing else in common."""
    def begin(result, *args, **kwargs):
        global _session
        if _session is None and "_pytest.config" not in sys.modules:
            _session = Session(recorder)
            _session.result = result
            _session.install()
            _session.follow(module.TestResult)
            _session.follow(module.ExtendedToStreamDecorator)

    def over(result, *args, **kwargs):
        if _session is not None and _session.result is result:
            _session.close()

    for owner in (module.TextTestResult, module.ExtendedToStreamDecorator):
        frames.before(owner, "startTestRun", begin)
        frames.before(owner, "stopTestRun", over)


class Session:
    """The first run of a process; one inside it is what its tests look at."""

    def __init__(self, recorder):
        self.recorder = recorder
        self.result = None
        self.is_over = False
        self.attempt = None
        self.test = None
        self.fixture = None
        self.beside = None
        # Set-ups that are done, by the class or the module that they are of.
        self.fixtures = {}
        self.counts = {}

    def install(self):
        """Has the result and the suites tell us."""
        from unittest import result, suite

        self.follow(result.TestResult)
        frames.before(result.TestResult, "startTestRun", self.begins)
        hooks = {
            "_handleClassSetUp": self._class_up, "_handleModuleFixture": self._module_up,
            "_tearDownPreviousClass": self._class_down, "_handleModuleTearDown": self._module_down,
        }
        for name, method in hooks.items():
            frames.around(suite.TestSuite, name, method, self._hook_over)

    def follow(self, owner):
        """Has results of a class tell us, by the methods that are its own."""
        told = {
            "startTest": self.start, "stopTest": self.stop, "addSuccess": self.success, "addError": self.error,
            "addFailure": self.error, "addSkip": self.skip, "addExpectedFailure": self.expected,
            "addUnexpectedSuccess": self.unexpected, "addSubTest": self.part,
        }
        for name, method in told.items():
            if name in vars(owner):
                frames.before(owner, name, self._told(method))

    def _told(self, method):
        def told(result, *args, **kwargs):
            if result is self.result and not self.is_over:
                method(*args, **kwargs)

        return told

    def begins(self, result):
        if self.result is None:
            self.result = result

    def start(self, test):
        if self.attempt is not None and test is self.test:
            # A class of testtools and the library's below it both say so.
            return
        self._close()
        self.test = test
        self.attempt = Entry(self.recorder, "attempt", self._describe(test), "body")
        for owner in (sys.modules.get(type(test).__module__), type(test)):
            if owner in self.fixtures:
                self.attempt.serve(self.fixtures[owner])
        self.attempt.open()

    def stop(self, test):
        self._close()

    # What testtools knows of an outcome is in `details`, for people: texts by name, such as `traceback` and `reason`.

    def success(self, test, details=None):
        if self.attempt:
            self.attempt.result("pass")

    def error(self, test, err=None, details=None):
        is_test = self.attempt is not None and test is self.test
        caught = self.attempt.caught_of(test) if is_test else []
        for error in caught or ([err[1]] if err is not None else []):
            frames.strip(error)
            if is_test:
                self.attempt.fail(error, compared=compare.of(error, None))
            else:
                self._beside(test).fail(error)
        if not caught and err is None:
            words = _text_of(details, "traceback")
            (self.attempt if is_test else self._beside(test)).fail_with("Error", words.strip().rpartition("\n")[2], stack=words)
        self._finish_beside()

    def _beside(self, test):
        """What the library calls an error holder: a hook of a class or a module, or a file that cannot be loaded."""
        if self.fixture is not None:
            return self.fixture
        self.beside = Entry(self.recorder, "fixture", dict(named([], str(test)), **_framework()), "setup")
        return self.beside

    def _finish_beside(self):
        beside, self.beside = self.beside, None
        if beside is not None:
            beside.finish()

    def skip(self, test, reason=None, details=None):
        reason = _text_of(details, "reason") if reason is None else reason
        if self.attempt is not None and test is self.test:
            self.attempt.skip(str(reason))
        elif hasattr(test, "_testMethodName"):
            # Some versions of the library do not say that a test starts which is marked to be skipped.
            self.start(test)
            self.attempt.skip(str(reason))
            self.stop(test)
        elif self.fixture is not None:
            self.fixture.skip(str(reason))

    def expected(self, test, err=None, details=None):
        if self.attempt:
            words = _text_of(details, "reason") if err is None or err[1] is None else message_of(err[1])
            self.attempt.skip("expected failure: " + words if words else "expected failure")

    def unexpected(self, test, details=None):
        if self.attempt:
            self.attempt.fail_with("UnexpectedSuccess", "the test passed and was expected to fail")

    def part(self, test, subtest, err):
        if self.attempt:
            self.attempt.part(str(subtest._subDescription()), err[1] if err is not None else None)

    def _close(self):
        attempt, self.attempt = self.attempt, None
        if attempt is not None:
            attempt.close()

    def close(self):
        self._close()
        self.is_over = True

    def _describe(self, test):
        owner = type(test)
        method = getattr(test, "_testMethodName", None)
        is_case = isinstance(method, str) and hasattr(owner, method)
        suite = [part for part in owner.__qualname__.split(".") if part != "<locals>"] if is_case else []
        name = method if is_case else str(test)
        module = sys.modules.get(owner.__module__)
        file = getattr(module, "__file__", None) or ""
        attributes = dict(named(suite, name), **_framework())
        attributes["code.file.path"] = str(file)
        function = getattr(owner, method, None) if is_case else None
        code = getattr(_innermost(function), "__code__", None)
        if code is not None and code.co_filename == file:
            attributes["code.line.number"] = code.co_firstlineno
        key = (file, tuple(suite), name)
        self.counts[key] = self.counts.get(key, 0) + 1
        attributes["flakescope.test.ordinal"] = self.counts[key]
        attributes["flakescope.attempt.number"] = 1
        return attributes

    # Hooks of classes and modules. Each answers the fixture that begins, or None where there is nothing to run.

    def _class_up(self, suite, test, result):
        owner = type(test)
        if getattr(result, "_previousTestClass", None) is owner or getattr(owner, "__unittest_skip__", False):
            return None
        if getattr(result, "_moduleSetUpFailed", False) or not is_written(owner, "setUpClass"):
            return None
        fixture = self._hook(result, owner, owner.__qualname__.split("."), "setUpClass", "beforeAll")
        if fixture:
            fixture.rest = [other for other in suite if type(other) is owner]
        return fixture

    def _class_down(self, suite, test, result):
        owner = getattr(result, "_previousTestClass", None)
        if owner is None or owner is type(test) or getattr(owner, "_classSetupFailed", False):
            return None
        if getattr(result, "_moduleSetUpFailed", False) or not is_written(owner, "tearDownClass"):
            return None
        return self._hook(result, owner, owner.__qualname__.split("."), "tearDownClass", "afterAll")

    def _module_up(self, suite, test, result):
        previous = getattr(getattr(result, "_previousTestClass", None), "__module__", None)
        module = sys.modules.get(type(test).__module__)
        if previous == type(test).__module__ or not hasattr(module, "setUpModule"):
            return None
        # The library tears the module before it down inside of this, which is told by itself.
        return self._hook(result, module, [], "setUpModule", "beforeAll")

    def _module_down(self, suite, result):
        previous = getattr(getattr(result, "_previousTestClass", None), "__module__", None)
        module = sys.modules.get(previous)
        if module is None or getattr(result, "_moduleSetUpFailed", False) or not hasattr(module, "tearDownModule"):
            return None
        return self._hook(result, module, [], "tearDownModule", "afterAll")

    def _hook(self, result, owner, suite, name, kind):
        if result is not self.result or self.is_over:
            return None
        attributes = dict(named(suite, name), **_framework())
        attributes["flakescope.hook.type"] = kind
        attributes["flakescope.test.ordinal"] = 1
        module = owner if not isinstance(owner, type) else sys.modules.get(owner.__module__)
        attributes["code.file.path"] = str(getattr(module, "__file__", None) or "")
        code = getattr(_innermost(getattr(owner, name, None)), "__code__", None)
        if code is not None:
            attributes["code.line.number"] = code.co_firstlineno
        entry = Entry(self.recorder, "fixture", attributes, "setup" if kind == "beforeAll" else "teardown")
        entry.owner, entry.rest, entry.outer = owner, [], self.fixture
        self.fixture = entry
        entry.open()
        return entry

    def _hook_over(self, fixture, *args, **kwargs):
        self.fixture = fixture.outer
        if fixture.status is None:
            fixture.result("pass")
        if fixture.trace.phase == "setup":
            self.fixtures[fixture.owner] = fixture
        if fixture.status == "fail" and fixture.rest:
            names = ["{} › {}".format(type(test).__qualname__, test._testMethodName)[:NAME_CHARACTERS] for test in fixture.rest]
            fixture.span.attributes["flakescope.fixture.not_run"] = len(names)
            fixture.span.attributes["flakescope.fixture.not_run_tests"] = names[:NOT_RUN_NAMES]
        fixture.close()


def _text_of(details, name):
    """One of the texts by which testtools tells of an outcome; empty where there is none."""
    content = details.get(name) if isinstance(details, dict) else None
    try:
        return "" if content is None else str(content.as_text())
    except Exception:
        # It is the project's own.
        return ""


def _framework():
    return {"flakescope.test.framework": "unittest", "flakescope.test.framework.version": platform.python_version()}


def _innermost(function):
    for _ in range(10):
        function = getattr(function, "__wrapped__", function)
    return getattr(function, "__func__", function)
