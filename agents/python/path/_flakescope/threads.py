"""Keeps the place of a test in the threads that it starts and in what it hands to a pool of threads."""

from . import context, frames


def install_threading(_recorder, threading):
    """A thread belongs where it was started. It is asked for its place when it needs one, so no frame of ours is on the
    stacks that others print of it."""
    def starting(thread, *args, **kwargs):
        place = context.active()
        if place is not None:
            thread._flakescope_place = place

    frames.before(threading.Thread, "start", starting)
    # A dictionary of all threads by identifier; asking for the current one would make one where there is none.
    known = threading._active
    context.of_threads(lambda identifier: getattr(known.get(identifier), "_flakescope_place", None))


def install_pool(_recorder, module):
    """An item of work belongs where it was submitted; what it raises is caught below our frame."""
    def submitted(item, *args, **kwargs):
        item._flakescope_place = context.active()

    def run(item, *args):
        # The thread itself may have been started by another test.
        return (context.enter(getattr(item, "_flakescope_place", None) or context.OUTSIDE),)

    def ran(token, *args, **kwargs):
        context.enter(token[0])

    frames.before(module._WorkItem, "__init__", submitted)
    frames.around(module._WorkItem, "run", run, ran)
