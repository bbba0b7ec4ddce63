"""`setUp`, `tearDown` and the cleanups of a test case, as hooks of the test that runs, whoever runs it: unittest or pytest."""

import functools
import types

from . import context, frames
from .entry import HookSpan, Phase, current_attempt

_HOOKS = {"_callSetUp": ("beforeEach", ("setUp", "asyncSetUp")), "_callTearDown": ("afterEach", ("tearDown", "asyncTearDown"))}
_LIBRARIES = ("unittest.", "testtools.", "fixtures.")
# How many functions may stand around the one that is called.
_DEEP = 10


def install(recorder, module):
    """`module` is `unittest.case` or `unittest.async_case`, just imported."""
    for owner in (getattr(module, "TestCase", None), getattr(module, "IsolatedAsyncioTestCase", None)):
        if owner is None:
            continue
        for method, (kind, names) in _HOOKS.items():
            if method in vars(owner):
                frames.around(owner, method, _begin(_written(recorder, kind, names)), _over)
        if "_callCleanup" in vars(owner):
            frames.around(owner, "_callCleanup", _begin(functools.partial(cleanup_of, recorder)), _over)


def _begin(make):
    """`make(attempt, test, *args)` answers the hook that begins, or None."""
    def begin(test, *args, **kwargs):
        attempt = current_attempt()
        if attempt is None:
            return None
        inner = getattr(test, "_asyncioTestContext", None)
        if inner is not None:
            # Made when the test was loaded: before it had a place.
            inner.run(context.enter, attempt.place)
        hook = make(attempt, test, *args)
        if hook is None:
            return None
        if inner is not None:
            inner.run(context.enter, hook.place)
        return hook, inner

    return begin


def _written(recorder, kind, names):
    def make(attempt, test):
        name = next((name for name in names if is_written(type(test), name)), None)
        return name and HookSpan(recorder, attempt, name, kind)

    return make


def _over(token, _result, error, *args, **kwargs):
    hook, inner = token
    if error is not None and type(error).__name__ != "SkipTest":
        frames.strip(error)
        hook.fail(error)
    hook.close()
    if inner is not None:
        inner.run(context.enter, hook.attempt.place)


def cleanup_of(recorder, attempt, test, function=None, *_args):
    """What a test has asked to be called at its end begins: a step with its name where it is the project's own."""
    name = _name_of(function, test)
    return Phase(attempt, "teardown") if name is None else HookSpan(recorder, attempt, name, "afterEach")


def _name_of(function, test):
    """The name of a function of the project's own, or None."""
    for _ in range(_DEEP):
        if not isinstance(function, functools.partial):
            break
        function = function.func
    if isinstance(function, types.MethodType):
        owner = function.__self__
        kind = owner if isinstance(owner, type) else type(owner)
        name = function.__name__ if owner is test else "{}.{}".format(kind.__name__, function.__name__)
        return None if is_of_library(kind) else name
    # Anything else that can be called has no work of its own: a function of the platform, a mock.
    return function.__name__ if isinstance(function, types.FunctionType) and not is_of_library(function) else None


def is_of_library(defined):
    """Whether a class or function is of the libraries that tests are written with."""
    return (str(getattr(defined, "__module__", None) or "") + ".").startswith(_LIBRARIES)


def is_written(owner, name):
    """Whether a hook is the project's own, and not the empty one of the library."""
    found = getattr(owner, name, None)
    return found is not None and not is_of_library(found)
