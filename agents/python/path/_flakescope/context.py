"""Which test is this? Keeps the traces of this process (attempts, fixtures), the active one per context, and the rule by
which a span finds its parent: the active context, else that of the thread's starter,
else the only running test, else none."""

from contextvars import ContextVar

from . import ids
from .natives import n


class Trace:
    """One trace of this process, and what is bounded per trace. `phase` moves on as the test does."""

    __slots__ = ("trace_id", "is_test", "phase", "body_bytes", "log_bytes", "log_cut", "open")

    def __init__(self, is_test, phase=None, trace_id=None):
        self.trace_id = trace_id or ids.trace_id()
        self.is_test = is_test
        self.phase = phase
        self.body_bytes = 0
        self.log_bytes = 0
        self.log_cut = False
        # Calls under way that are followed.
        self.open = set()


class Place:
    """A place in a trace: where what happens there belongs. `attribution` says how it was found, where that was not by
    following a test's own execution. `successor` is the place of what goes on in the same context variables."""

    __slots__ = ("trace", "span_id", "attribution", "successor")

    def __init__(self, trace, span_id, attribution="context"):
        self.trace = trace
        self.span_id = span_id
        self.attribution = attribution
        self.successor = None


# The place of what is known to run outside of every test.
OUTSIDE = Place(None, None)

_active = ContextVar("flakescope", default=None)
# The place of a thread by its identifier: where it was started.
_of_thread = None
# The tests and fixtures that are running in this process. A list, as sets compare by hash and this is tiny.
running = []
# Finds a span of the project's own SDK that is nearer than the active place.
_nearer = None


def look_nearer(find):
    """`find(place)` gives the identifier of a nearer span, or None."""
    global _nearer
    _nearer = find


def of_threads(find):
    """`find(identifier)` gives the place where a thread was started, or None."""
    global _of_thread
    _of_thread = find


def active():
    """The active place, or None."""
    place = _active.get()
    if place is None and _of_thread is not None:
        return _of_thread(n.thread_id())
    if place is None or place is OUTSIDE:
        return None
    return place.successor or place


def enter(place):
    """Makes `place` the active one for the rest of the current execution; answers the one before."""
    before = _active.get()
    _active.set(place)
    return before


def place():
    """Where a span that starts now belongs: `(trace, parent, attribution)`."""
    found = active()
    if found is not None:
        parent = (_nearer and _nearer(found)) or found.span_id
        return found.trace, parent, found.attribution
    only = only_running()
    if only is not None:
        return only.trace, only.span_id, "only-running-test"
    return Trace(is_test=False), None, "none"


def only_running():
    """The only running test, or None."""
    return running[0] if len(running) == 1 else None


def here():
    """The place of what happens now, or None: the active one, else the only running test."""
    return active() or only_running()
