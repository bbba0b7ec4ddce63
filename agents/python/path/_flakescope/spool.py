"""Writes records to this process's segments in the spool folder, one write(2) a record (protocol/spool.md). Never
raises: what cannot be written is kept in a bounded buffer, tried again, and counted."""

import sys

from . import VERSION, clock, ids
from .natives import ENOENT, command_line, n

RETRY_BUFFER_BYTES = 1 << 20
LINE_BYTES = 16 << 20
FULL_RETRY_NANOS = 1_000_000_000


class Spool:
    """The open segment of this process, and what could not be written to it."""

    def __init__(self, config):
        self.config = config
        self._begin()

    def _begin(self):
        self.lock = n.lock()
        self.instance = ids.instance()
        self.pid = n.getpid()
        self.sequence = 0
        self.file = -1
        # The head of the open segment, while it is still to be written.
        self.head = None
        self.written = 0
        self.gone = False
        self.exited = False
        self.full_since = None
        self.pending = []
        self.pending_bytes = 0
        self.dropped = {"spool-full": {}, "spool-write-failed": {}}

    def after_fork(self):
        """In the child of a fork: the segment is the parent's, and its lock may be held by a thread that is not here."""
        file, gone = self.file, self.gone
        self._begin()
        self.gone = gone
        if file >= 0:
            _close(file)

    def write(self, text, kind):
        """Writes one record. `text` ends with its newline; `kind` is the record's `t`."""
        if self.gone:
            return
        line = text.encode("utf-8", "backslashreplace")
        with self.lock:
            self._write(line, kind)

    def _write(self, line, kind):
        if self.full_since is not None and not self._room_again():
            return self._drop("spool-full", kind)
        if len(line) > LINE_BYTES:
            return self._drop("spool-write-failed", kind)
        if self._drain() and self._append(line):
            self._tell_dropped()
        else:
            self._keep(line, kind)
        if self.exited:
            self._end("exit")
        elif self.written >= self.config.segment_bytes:
            self._rotate()

    def open_segment(self):
        """Opens a segment and writes its head; False when that is not possible."""
        with self.lock:
            return self._append(b"")

    def close(self):
        """The process ends: the last attempt to get everything out, and the closing line."""
        if self.gone:
            return
        with self.lock:
            self._drain()
            self._tell_dropped()
            self._end("exit")
            self.exited = True

    def _end(self, reason):
        if self.file < 0:
            return
        if self.head is None:
            self._put(b'{"t":"end","reason":"%s"}\n' % reason.encode("ascii"))
        self._shut()

    def _rotate(self):
        self._end("rotate")
        if self._folder_bytes() > self.config.spool_cap_bytes:
            self.full_since = clock.mono()

    def _room_again(self):
        """True when a full spool has room again; asked at most once a second."""
        now = clock.mono()
        if now - self.full_since < FULL_RETRY_NANOS:
            return False
        self.full_since = now
        if self._folder_bytes() > self.config.spool_cap_bytes:
            return False
        self.full_since = None
        return True

    def _folder_bytes(self):
        total = 0
        try:
            names = n.listdir(self.config.spool)
        except OSError:
            return 0
        for name in names:
            if name.endswith(".seg"):
                try:
                    total += n.stat(self.config.spool + "/" + name).st_size
                except OSError:
                    # Drained and deleted between the two calls.
                    continue
        return total

    def _append(self, line):
        if self.file < 0 and not self._open():
            return False
        if self.head is not None:
            if not self._put(self.head):
                return False
            self.head = None
        return not line or self._put(line)

    def _put(self, line):
        """One write of the whole line; the rest of a partial write follows at once."""
        done = 0
        try:
            while done < len(line):
                done += n.write(self.file, line[done:] if done else line)
        except OSError:
            if done > 0:
                self._untear()
            return False
        self.written += len(line)
        return True

    def _untear(self):
        """Takes a half-written line back, as it will be written again; where that fails, the next record starts a segment."""
        try:
            n.ftruncate(self.file, self.written)
        except OSError:
            self._shut()

    def _shut(self):
        _close(self.file)
        self.file = -1

    def _open(self):
        path = "{}/{}-{}-{}.seg".format(self.config.spool, self.pid, self.instance, self.sequence)
        try:
            self.file = n.open(path, n.flags, 0o600)
        except OSError as error:
            if error.errno == ENOENT:
                self._stop()
            return False
        self.written = 0
        self.head = (n.stringify(self._describe()) + "\n").encode("utf-8", "backslashreplace")
        self.sequence += 1
        return True

    def _describe(self):
        mono = clock.mono()
        return {
            "t": "head", "v": 1, "agent": "python", "agent_version": VERSION,
            "pid": self.pid, "ppid": n.getppid(), "tid": 0, "instance": self.instance, "seq": self.sequence,
            "wall": str(clock.wall(mono)), "mono": str(mono), "argv": command_line(), "cwd": _working_directory(),
            "attrs": {
                "process.runtime.name": sys.implementation.name,
                "process.runtime.version": ".".join(map(str, sys.version_info[:3])),
            },
        }

    def _stop(self):
        """The folder is gone: this agent stops for good."""
        self.gone = True
        self.pending = []
        self.pending_bytes = 0

    def _keep(self, line, kind):
        if self.gone:
            return
        if self.pending_bytes + len(line) > RETRY_BUFFER_BYTES:
            self._drop("spool-write-failed", kind)
            return
        self.pending.append((line, kind))
        self.pending_bytes += len(line)

    def _drain(self):
        """Writes what is kept, oldest first; False when something is still left."""
        while self.pending:
            if not self._append(self.pending[0][0]):
                return False
            self.pending_bytes -= len(self.pending.pop(0)[0])
        return True

    def _drop(self, gap, kind):
        counts = self.dropped[gap]
        counts[kind] = counts.get(kind, 0) + 1

    def _tell_dropped(self):
        """Writes the gaps of what was dropped, once writing works again."""
        for gap, counts in self.dropped.items():
            if not counts:
                continue
            detail = ", ".join("{}: {}".format(kind, count) for kind, count in counts.items())
            record = {"t": "gap", "kind": gap, "count": sum(counts.values()), "detail": detail}
            if self._append((n.stringify(record) + "\n").encode("utf-8")):
                counts.clear()


def _close(file):
    try:
        n.close(file)
    except OSError:
        # Closed behind our back; the segment is over either way.
        pass


def _working_directory():
    try:
        return n.getcwd()
    except OSError:
        return ""
