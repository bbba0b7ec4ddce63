"""What the hooks share: the configuration, the spool, gaps and tags."""

from .natives import n
from .spool import Spool


class Recorder:
    """One for each process. `at_exit` are asked to write what they hold back, `after_fork` to forget what is the parent's."""

    def __init__(self, config):
        self.config = config
        self.spool = Spool(config)
        self.at_exit = []
        self.after_fork = []

    def write(self, record):
        """Writes a record; members that are None are left out."""
        record = {key: value for key, value in record.items() if value is not None}
        self.spool.write(n.stringify(record) + "\n", record["t"])

    def gap(self, kind, detail=None, trace=None, span=None, count=1):
        """Tells of something that we know we did not record."""
        self.write({"t": "gap", "kind": kind, "count": count, "trace": trace, "span": span, "detail": detail})

    def tag(self, key, value, trace=None):
        """A tag of the attempt `trace`, else of the run."""
        self.write({"t": "tag", "trace": trace, "key": str(key), "value": str(value)})

    def forked(self):
        """This process is a child that goes on from here with segments of its own."""
        self.spool.after_fork()
        for forget in self.after_fork:
            forget()

    def close(self):
        for flush in self.at_exit:
            flush()
        self.spool.close()
