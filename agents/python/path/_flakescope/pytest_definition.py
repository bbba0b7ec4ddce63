"""Which test or fixture is it: where it is defined, its place among the classes, its parameters, its ordinal."""

import os
import re

from .entry import named

# Fixtures of the machinery itself: nothing of a project runs in them.
_MACHINERY = ("_pytest.", "pytest_asyncio.", "anyio.", "xdist.", "pytest_rerunfailures", "pytest_timeout", "pytest_cov")
# Names of the fixtures that stand for hooks in the style of xunit and unittest.
_XUNIT = re.compile(r"_+(?:xunit|unittest)_(setup_module|setup_class|setup_method|setup_function|setUpClass)_fixture_")
# Hooks that come up and that go down, by the fixture that stands for them.
_HOOKS = {
    "setup_module": (("setUpModule", "setup_module"), ("tearDownModule", "teardown_module")),
    "setup_function": (("setup_function",), ("teardown_function",)),
    "setup_class": (("setup_class",), ("teardown_class",)),
    "setup_method": (("setup_method",), ("teardown_method",)),
    "setUpClass": (("setUpClass",), ("tearDownClass",)),
}


def _framework():
    import pytest

    worker = os.environ.get("PYTEST_XDIST_WORKER")
    attributes = {"flakescope.test.framework": "pytest", "flakescope.test.framework.version": pytest.__version__}
    if worker:
        attributes["flakescope.worker"] = worker
    return attributes


def file_of(node):
    path = getattr(node, "path", None) or getattr(node, "fspath", None)
    return str(path) if path else ""


def suite_of(node):
    """The classes around a node, outermost first."""
    chain = [parent for parent in node.listchain() if getattr(parent, "cls", None) is not None and parent is not node]
    suite = []
    for parent in chain:
        if type(parent).__name__ not in ("Instance", "Function") and parent.name not in ("", "()"):
            suite.append(str(parent.name))
    return suite


def name_of(item):
    """The title without the parameters, and these."""
    spec = getattr(item, "callspec", None)
    identifier = getattr(spec, "id", None)
    name = str(item.name)
    if identifier and name.endswith("[{}]".format(identifier)):
        return name[: -len(identifier) - 2], str(identifier)
    return name, None


def key_of(item):
    """Tests with the same key are told apart by their ordinal."""
    return (file_of(item), tuple(suite_of(item)), str(item.name))


def describe(item, number, ordinal):
    """The attributes of an attempt."""
    name, parameters = name_of(item)
    attributes = dict(named(suite_of(item), name), **_framework())
    attributes["code.file.path"] = file_of(item)
    line = _line(item)
    if line is not None:
        attributes["code.line.number"] = line
    if parameters:
        attributes["flakescope.test.parameters"] = parameters
    attributes["flakescope.test.ordinal"] = ordinal
    attributes["flakescope.attempt.number"] = number
    attributes["flakescope.attempt.timeout_ms"] = _timeout(item)
    return attributes


def _line(item):
    """The line, where the test is defined in the file that it counts for."""
    try:
        location = item.location
        if location[1] is None or not file_of(item).endswith(str(location[0]).lstrip("./")):
            return None
        return int(location[1]) + 1
    except Exception:
        # A project's own kind of item may not know.
        return None


def _timeout(item):
    """The limit that pytest-timeout will hold this test to, in milliseconds, 0 for none."""
    marker = item.get_closest_marker("timeout")
    limit = None
    if marker is not None:
        limit = marker.args[0] if marker.args else marker.kwargs.get("timeout")
    if limit is None:
        limit = getattr(item.config, "_env_timeout", None)
    return int(limit * 1000) if isinstance(limit, (int, float)) and limit > 0 else 0


def is_machinery(fixturedef):
    """Whether a fixture is pytest's or a plugin's own plumbing."""
    module = str(getattr(fixturedef.func, "__module__", None) or "")
    return module.startswith(_MACHINERY) and not _XUNIT.match(str(fixturedef.argname))


def hook_of(fixturedef, request, goes):
    """What a fixture is called while it comes up, or goes down. For one that stands for hooks in the style of xunit and
    unittest that is the hook's own name, or None when the project has not written that hook."""
    match = _XUNIT.match(str(fixturedef.argname))
    if not match:
        return str(fixturedef.argname)
    names = _HOOKS[match.group(1)][1 if goes else 0]
    # Each is there only in the scopes that have it.
    owner = getattr(request, "cls", None) or getattr(request, "module", None)
    return next((name for name in names if _is_written(owner, name)), None)


def _is_written(owner, name):
    found = getattr(owner, name, None)
    code = getattr(getattr(found, "__func__", found), "__code__", None)
    return code is not None and not code.co_filename.endswith("/unittest/case.py")


def describe_fixture(fixturedef, request, name, kind):
    """The attributes of a fixture that several tests share. `kind` is `beforeAll` or `afterAll`."""
    is_xunit = _XUNIT.match(str(fixturedef.argname))
    if kind == "afterAll" and not is_xunit:
        name += " (teardown)"
    node = request.node
    suite = suite_of(node) + ([str(node.name)] if getattr(node, "cls", None) is not None and fixturedef.scope == "class" else [])
    attributes = dict(named(suite, name), **_framework())
    attributes["flakescope.hook.type"] = kind
    attributes["flakescope.test.ordinal"] = 1
    code = code_of(fixturedef)
    if is_xunit or code is None:
        attributes["code.file.path"] = file_of(node)
    else:
        attributes["code.file.path"] = code.co_filename
        attributes["code.line.number"] = code.co_firstlineno
    return attributes


def code_of(fixturedef):
    """The code of the project's function behind a fixture."""
    function = fixturedef.func
    for _ in range(10):
        function = getattr(function, "__wrapped__", function)
    return getattr(getattr(function, "__func__", function), "__code__", None)


def describe_failed(nodeid, path, name):
    """The attributes of what failed beside the tests: a file that cannot be collected, a tear-down."""
    attributes = dict(named([], name), **_framework())
    attributes["flakescope.test.ordinal"] = 1
    if path:
        attributes["code.file.path"] = path
    return attributes
