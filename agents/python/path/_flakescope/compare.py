"""What an assertion expected and what it got, as bounded JSON."""

from .natives import n

CHARACTERS = 16 * 1024
_DEPTH = 8
_DECORATORS = 10
_SCALARS = (str, int, float, bool, type(None))


def both(expected, actual):
    return _bounded(expected), _bounded(actual)


def of(error, seen):
    """Expected and actual of a failed assertion: from the frame of unittest's own assertion or from the mismatch of testtools,
    else `seen` by pytest."""
    if not isinstance(error, AssertionError):
        return None
    return _from_unittest(error) or _from_testtools(error) or seen


def _from_unittest(error):
    """unittest calls what it compares `first` and `second`; by its documentation they have no order, by custom they have."""
    found = None
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_name.startswith("assert") and code.co_filename.endswith("unittest/case.py"):
            values = trace.tb_frame.f_locals
            if found is None and "first" in values and "second" in values:
                found = both(values["second"], values["first"])
        trace = trace.tb_next
    return found


def _from_testtools(error):
    """A matcher that compares two values says so in its mismatch, which others may decorate."""
    mismatch = getattr(error, "mismatch", None)
    for _ in range(_DECORATORS):
        inner = getattr(mismatch, "original", None)
        if inner is None:
            break
        mismatch = inner
    values = getattr(mismatch, "__dict__", {})
    if values.get("_mismatch_string") in ("!=", "is not") and "_actual" in values and "_reference" in values:
        return both(values["_reference"], values["_actual"])
    return None


class _Budget:
    def __init__(self):
        self.left = CHARACTERS


def _bounded(value):
    return n.stringify(_plain(value, _Budget(), _DEPTH))[:CHARACTERS]


def _plain(value, budget, depth):
    """A value that JSON can hold: no cycle, no foreign code but `repr`, nothing without end."""
    if budget.left <= 0 or depth <= 0:
        return "…"
    kind = type(value)
    if kind in _SCALARS:
        return _spend(value if not isinstance(value, str) else value[: budget.left], budget)
    if kind is dict:
        return {str(_spend(str(key)[:200], budget)): _plain(item, budget, depth - 1) for key, item in _first(value.items(), budget)}
    if kind in (list, tuple, set, frozenset):
        return [_plain(item, budget, depth - 1) for item in _first(value, budget)]
    try:
        return _spend(repr(value)[: budget.left], budget)
    except Exception:
        return _spend("(a value without words)", budget)


def _first(items, budget):
    for item in items:
        if budget.left <= 0:
            return
        yield item


def _spend(value, budget):
    budget.left -= len(value) + 3 if isinstance(value, str) else 8
    return value
