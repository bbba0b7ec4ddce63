"""A span and its records: written when it starts and again, with everything known, when it ends."""

from . import clock, ids
from .natives import n

ATTRIBUTE_CHARACTERS = 256 * 1024

KIND_INTERNAL = 1
KIND_SERVER = 2
KIND_CLIENT = 3
STATUS_ERROR = 2


class Span:
    """One span. `attributes` may be changed until its last record is written."""

    def __init__(self, recorder, trace, name, kind, parent=None, start=None, attributes=None, links=None, id=None):
        self.recorder = recorder
        self.trace = trace
        self.id = id or ids.span_id()
        self.parent = parent
        self.name = name
        self.kind = kind
        self.start = clock.mono() if start is None else start
        self.attributes = attributes if attributes is not None else {}
        self.links = links if links is not None else []
        self.events = []
        self.status = None
        self.finished = None
        self.begun = False

    def offset(self, instant=None):
        """Nanoseconds from the start to `instant`, which is now if left out."""
        return (clock.mono() if instant is None else instant) - self.start

    def fail(self, message=None):
        self.status = {"code": STATUS_ERROR}
        if message is not None:
            self.status["message"] = self._cut(message)

    def add_event(self, name, attributes, instant=None):
        time = clock.wall(clock.mono() if instant is None else instant)
        self.events.append({"name": name, "time": str(time), "attrs": attributes})

    def end(self, instant=None):
        """Marks the end; the first mark counts."""
        if self.finished is None:
            self.finished = clock.mono() if instant is None else instant

    def write(self):
        """Writes what is known so far; a span that has ended is first written as it started."""
        finished = self.finished
        if finished is not None and not self.begun:
            self.finished = None
            self.write()
            self.finished = finished
        self.begun = True
        self.recorder.spool.write(n.stringify(self._record()) + "\n", "span")

    def _record(self):
        record = {"t": "span", "trace": self.trace.trace_id, "id": self.id}
        if self.parent is not None:
            record["parent"] = self.parent
        record.update(name=self.name, kind=self.kind, start=str(clock.wall(self.start)), mono=str(self.start))
        if self.finished is not None:
            record["end"] = str(clock.wall(self.finished))
        record["attrs"] = self._bounded()
        for key, value in (("events", self.events), ("links", self.links), ("status", self.status)):
            if value:
                record[key] = value
        return record

    def _bounded(self):
        for key, value in self.attributes.items():
            if isinstance(value, str) and len(value) > ATTRIBUTE_CHARACTERS and not key.endswith(".body.content"):
                self.attributes[key] = self._cut(value)
        return self.attributes

    def _cut(self, text):
        """A text within the limit of an attribute; what is cut is told as a gap."""
        if len(text) <= ATTRIBUTE_CHARACTERS:
            return text
        self.recorder.gap("attribute-cut", trace=self.trace.trace_id, span=self.id)
        return text[:ATTRIBUTE_CHARACTERS]
