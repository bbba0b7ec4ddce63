"""Keeps the place of a test in the threads that it starts and in what it hands to a pool of threads."""

from . import context, frames
from .guard import guard


def install_threading(threading):
    """A thread begins where it was started. Its own stack begins below our frame, so nobody sees it."""
    @guard("thread start")
    def starting(thread, *args, **kwargs):
        place = context.active()
        if place is not None:
            thread._flakescope_place = place

    @guard("thread begin")
    def beginning(thread, *args):
        place = thread.__dict__.pop("_flakescope_place", None)
        if place is not None:
            context.enter(place)

    frames.before(threading.Thread, "start", starting)
    frames.before(threading.Thread, "_bootstrap", beginning)


def install_pool(module):
    """An item of work belongs where it was submitted; what it raises is caught below our frame."""
    @guard("pool submit")
    def submitted(item, *args, **kwargs):
        item._flakescope_place = context.active()

    @guard("pool run")
    def run(item, *args):
        return (context.enter(getattr(item, "_flakescope_place", None)),)

    @guard("pool ran")
    def ran(token, _result, _error, *args):
        context.enter(token[0])

    frames.before(module._WorkItem, "__init__", submitted)
    frames.around(module._WorkItem, "run", run, ran)
