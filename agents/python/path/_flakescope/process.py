"""Beginnings and ends of processes: forks, `os._exit` and the children of `multiprocessing`, which end without telling."""

import atexit
import os

from . import frames
from .guard import guard


def install(recorder):
    frames.before(os, "_exit", lambda *args: recorder.close())
    atexit.register(guard("exit")(recorder.close))
    os.register_at_fork(after_in_child=guard("fork")(recorder.forked))
