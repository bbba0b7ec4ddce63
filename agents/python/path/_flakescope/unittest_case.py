"""`setUp` and `tearDown` of a test case, as hooks of the test that runs, whoever runs it: unittest or pytest."""

from . import context, frames
from .entry import HookSpan, current_attempt

_HOOKS = {"_callSetUp": ("beforeEach", ("setUp", "asyncSetUp")), "_callTearDown": ("afterEach", ("tearDown", "asyncTearDown"))}


def install(recorder, module):
    """`module` is `unittest.case` or `unittest.async_case`, just imported."""
    for owner in (getattr(module, "TestCase", None), getattr(module, "IsolatedAsyncioTestCase", None)):
        if owner is None:
            continue
        for method, (kind, names) in _HOOKS.items():
            if method in vars(owner):
                frames.around(owner, method, _begin(recorder, kind, names), _over)


def _begin(recorder, kind, names):
    def begin(test, *args, **kwargs):
        attempt = current_attempt()
        if attempt is None:
            return None
        inner = getattr(test, "_asyncioTestContext", None)
        if inner is not None:
            # Made when the test was loaded: before it had a place.
            inner.run(context.enter, attempt.place)
        name = next((name for name in names if is_written(type(test), name)), None)
        if name is None:
            return None
        hook = HookSpan(recorder, attempt, name, kind)
        if inner is not None:
            inner.run(context.enter, hook.place)
        return hook, inner

    return begin


def _over(token, _result, error, *args, **kwargs):
    hook, inner = token
    if error is not None and type(error).__name__ != "SkipTest":
        frames.strip(error)
        hook.fail(error)
    hook.close()
    if inner is not None:
        inner.run(context.enter, hook.attempt.place)


def is_written(owner, name):
    """Whether a hook is the project's own, and not the empty one of the library."""
    found = getattr(owner, name, None)
    return not str(getattr(found, "__module__", "unittest.case") or "unittest.case").startswith("unittest.")
