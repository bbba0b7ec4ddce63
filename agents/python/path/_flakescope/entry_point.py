"""What pytest finds by the distribution's metadata: the way in where Python has loaded a `sitecustomize` of the project's
instead of ours. It begins late, but before the tests do."""

import os
import sys

from . import programs, pytest_plugin, start


class Nothing:
    """A plugin without hooks, for a process that is not recorded."""


def _begin():
    spool = os.environ.get("FLAKESCOPE_SPOOL")
    if not spool or os.environ.get("FLAKESCOPE_DISABLE") == "1" or programs.is_package_manager():
        return None
    if not start.start(spool):
        return None
    # As `sitecustomize` does it: what is loaded knows where it came from.
    here = __file__.rpartition("/_flakescope/")[0]
    sys.path[:] = [entry for entry in sys.path if entry.rstrip("/") != here]
    return pytest_plugin.Plugin(start.recorder())


plugin = _begin() or Nothing()
