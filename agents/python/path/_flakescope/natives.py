"""Everything of the platform that the agent uses later, captured at load.

Tests replace clocks, file functions and modules (freezegun, time-machine, pyfakefs, monkeypatch), and neither they nor
we may notice each other. The functions are attributes of one object and not of a module, because such tools look
through the modules of a process for what they replace.
"""

import _thread
import errno
import posix
import sys
import time


class Natives:
    """The functions as they were. `n` below is the only instance."""

    __slots__ = (
        "open", "write", "close", "ftruncate", "read", "fstat", "stat", "listdir", "getpid", "getppid", "getcwd",
        "urandom", "mono", "wall", "cpu", "lock", "thread_id", "flags", "stringify", "parse",
    )


n = Natives()
n.open = posix.open
n.write = posix.write
n.close = posix.close
n.ftruncate = posix.ftruncate
n.read = posix.read
n.fstat = posix.fstat
n.stat = posix.stat
n.listdir = posix.listdir
n.getpid = posix.getpid
n.getppid = posix.getppid
n.getcwd = posix.getcwd
n.urandom = posix.urandom
# On Linux this is CLOCK_MONOTONIC too, and no tool that stops clocks reaches it.
n.mono = time.perf_counter_ns
n.wall = time.time_ns
n.cpu = time.thread_time_ns
n.lock = _thread.RLock
n.thread_id = _thread.get_ident
n.flags = posix.O_CREAT | posix.O_EXCL | posix.O_APPEND | posix.O_WRONLY | posix.O_CLOEXEC

ENOENT = errno.ENOENT


def _refuse(value):
    return str(value)


def _json_of_c():
    """Both directions of JSON from the interpreter's own accelerator: importing `json` would load `re` into each process."""
    import _json

    class Settings:
        strict = False
        object_hook = None
        object_pairs_hook = None
        parse_float = float
        parse_int = int
        parse_constant = float

    encode = _json.make_encoder(None, _refuse, _json.encode_basestring, None, ":", ",", False, True, True)
    scan = _json.make_scanner(Settings)
    return (lambda value: "".join(encode(value, 0))), (lambda text: scan(text.strip(), 0)[0])


def _json_of_library():
    import json

    encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_refuse, skipkeys=True)
    return encoder.encode, json.loads


try:
    n.stringify, n.parse = _json_of_c()
    if n.parse(n.stringify({"a": [1, "é", None, True]})) != {"a": [1, "é", None, True]}:
        raise ImportError("the accelerator works otherwise")
except Exception:
    n.stringify, n.parse = _json_of_library()


def read_file(path):
    """The content of a small file; raises OSError."""
    file = n.open(path, posix.O_RDONLY | posix.O_CLOEXEC)
    try:
        parts = []
        while True:
            part = n.read(file, 65536)
            if not part:
                return b"".join(parts)
            parts.append(part)
    finally:
        n.close(file)


def command_line():
    """The words by which this process was started; `sys.argv` is not what was typed."""
    words = getattr(sys, "orig_argv", None)
    if words:
        return list(words)
    try:
        raw = read_file("/proc/self/cmdline")
    except OSError:
        return list(getattr(sys, "argv", []))
    return [word.decode("utf-8", "replace") for word in raw.split(b"\0")[:-1]]
