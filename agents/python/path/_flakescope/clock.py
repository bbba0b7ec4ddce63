"""The process's clock: a wall time taken once at load, moved on by the monotonic clock, so that times never run
backwards and no stopped clock can touch them."""

from .natives import n

_ANCHOR_WALL = n.wall()
_ANCHOR_MONO = n.mono()

mono = n.mono


def wall(instant):
    """The wall time, in nanoseconds since the epoch, of a monotonic instant."""
    return _ANCHOR_WALL + (instant - _ANCHOR_MONO)
