"""Tests of testtools, which calls `setUp`, the test, `tearDown` and cleanups by a runner of its own and tells a result only
the text of what was raised: its hooks, fixtures and cleanups as steps of the test that runs, and the errors themselves."""

import sys
import types

from . import frames
from .entry import HookSpan, Phase, current_attempt
from .failure import message_of
from .unittest_case import cleanup_of, is_of_library, is_written

_HOOKS = {"_run_setup": ("setUp", "beforeEach"), "_run_teardown": ("tearDown", "afterEach")}
# What is raised to end a test that has not failed.
_OUTCOMES = ("SkipTest", "_ExpectedFailure", "_UnexpectedSuccess")
# Errors in one that stands for several.
_PARTS = 100

# What the runner raises at the end of a test of which an expectation was not met.
_FORCED = "Forced Test Failure"
_HERE = __file__.rpartition("/")[0]

# What the expectation that is being looked at has found, where it is not met.
_mismatches = []
# Runners that run cleanups, innermost last, and the cleanup that each of them runs.
_cleaning = []


def install_case(recorder, module):
    """`module` is `testtools.testcase` or `fixtures.testcase`, just imported."""
    for name in ("TestCase", "TestWithFixtures"):
        owner = vars(module).get(name)
        if owner is None:
            continue
        for method, (hook, kind) in _HOOKS.items():
            if method in vars(owner):
                frames.around(owner, method, _begin(recorder, hook, kind), _over)
        if "useFixture" in vars(owner):
            frames.around(owner, "useFixture", _uses(recorder), _over)
        if "expectThat" in vars(owner):
            frames.after(owner, "_matchHelper", _matched)
            frames.around(owner, "expectThat", _expects, _expected)


def install_runner(recorder, module):
    """`module` is `testtools.runtest`, just imported."""
    frames.around(module.RunTest, "_run_cleanups", _cleans, _cleaned)
    frames.around(module.RunTest, "_run_user", _runs(recorder), _ran)
    frames.before(module.RunTest, "_got_user_exception", _caught)


def _begin(recorder, name, kind):
    def begin(test, *args, **kwargs):
        attempt = current_attempt()
        return HookSpan(recorder, attempt, name, kind) if attempt is not None and is_written(type(test), name) else None

    return begin


def _uses(recorder):
    def begin(test, fixture, *args, **kwargs):
        attempt = current_attempt()
        if attempt is None:
            return None
        kind = type(fixture)
        return Phase(attempt, "setup") if is_of_library(kind) else HookSpan(recorder, attempt, kind.__name__, "beforeEach")

    return begin


def _over(hook, _result, error, *args, **kwargs):
    # Readers take the last error for the failure, and that is what failed first.
    for part in reversed(_parts(error)):
        if type(part).__name__ not in _OUTCOMES:
            frames.strip(part)
            hook.fail(part)
    hook.close()


def _cleans(runner, *args, **kwargs):
    attempt = current_attempt()
    if attempt is None:
        return None
    _cleaning.append([runner, None])
    return Phase(attempt, "teardown")


def _cleaned(phase, _result, _error, *args, **kwargs):
    _cleaning.pop()
    phase.close()


def _runs(recorder):
    """Everything of a test goes through here; what a runner that cleans up runs is a cleanup."""
    def begin(runner, function, *args, **kwargs):
        attempt = current_attempt()
        if attempt is None or not _cleaning or _cleaning[-1][0] is not runner:
            return None
        _cleaning[-1][1] = hook = cleanup_of(recorder, attempt, runner.case, function)
        return hook

    return begin


def _ran(hook, _result, _error, runner, *args, **kwargs):
    _cleaning[-1][1] = None
    hook.close()


def _caught(runner, info, *args, **kwargs):
    """The runner has caught an error and will hand on its text; for one that stands for several it asks again for each."""
    attempt = current_attempt()
    error = info[1]
    if attempt is None or _stands_for_others(error) or type(error).__name__ in _OUTCOMES:
        return
    if attempt.caught_of(runner.case) and message_of(error) == _FORCED:
        return
    frames.strip(error)
    hook = _cleaning[-1][1] if _cleaning and _cleaning[-1][0] is runner else None
    if hook is not None:
        hook.fail(error)
    attempt.caught(runner.case, error)


def _matched(mismatch, *args, **kwargs):
    _mismatches[:] = [mismatch]


def _expects(*args, **kwargs):
    _mismatches.clear()
    return current_attempt()


def _expected(attempt, _result, error, test, *args, **kwargs):
    """An expectation that is not met fails the test at its end: it is told with the place where it stands."""
    for mismatch in _mismatches:
        if mismatch is not None and error is None:
            attempt.raised(mismatch, attempt.trace.phase)
            attempt.caught(test, mismatch.with_traceback(_caller()))
    _mismatches.clear()


def _caller():
    """Where the test is, as the traceback of an error that is raised there."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_HERE):
        frame = frame.f_back
    return frame and types.TracebackType(None, frame, frame.f_lasti, frame.f_lineno)


def _stands_for_others(error):
    return type(error).__name__ == "MultipleExceptions"


def _parts(error):
    """An error, or those that it stands for, first to last."""
    found, rest = [], [error]
    while rest and len(found) < _PARTS:
        part = rest.pop(0)
        if _stands_for_others(part):
            rest[:0] = [info[1] for info in part.args[:_PARTS] if isinstance(info, tuple) and len(info) == 3]
        elif part is not None:
            found.append(part)
    return found
