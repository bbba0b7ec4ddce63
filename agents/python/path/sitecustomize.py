"""Loaded by Python at its start, because this folder is on `PYTHONPATH` (protocol/environment.md). Begins the agent where
this process is one to record, takes this folder off `sys.path`, and then lets the project's own `sitecustomize` be loaded
as if this file were not there."""

import sys


def _wanted(environment):
    """Whether this process is one to record: a spool is named, nobody switched us off, and it is no package manager."""
    return bool(environment.get("FLAKESCOPE_SPOOL")) and environment.get("FLAKESCOPE_DISABLE") != "1"


def _begin():
    import os

    if not _wanted(os.environ):
        return
    # Where bytecode is kept apart from its source, ours is not put among the project's.
    writes_nothing = sys.dont_write_bytecode
    sys.dont_write_bytecode = writes_nothing or bool(getattr(sys, "pycache_prefix", None))
    try:
        from _flakescope import programs, start

        if not programs.is_package_manager():
            start.start(os.environ["FLAKESCOPE_SPOOL"])
    finally:
        sys.dont_write_bytecode = writes_nothing


def _step_aside():
    """Nothing of this folder is found by its path any more; what is loaded knows where it came from."""
    here = __file__.rpartition("/")[0]
    sys.path[:] = [entry for entry in sys.path if entry.rstrip("/") != here]
    sys.path_importer_cache.pop(here, None)
    sys.modules.pop("sitecustomize", None)


try:
    _begin()
except Exception:
    # An agent that cannot start leaves no trace in its host; the recorder notices that no agent reported.
    pass
_step_aside()
# The next one on the path. That there is none is an error that Python's `site` expects from this very import.
import sitecustomize  # noqa: E402, F401
