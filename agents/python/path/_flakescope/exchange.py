"""One outgoing call, whichever client makes it: the clients' hooks tell what happens, this turns it into the records of
one CLIENT span."""

from contextvars import ContextVar

from . import clock, context, pseudonym
from .body import Body
from .credentials import facts
from .failure import code_of, is_timeout, message_of
from .headers import Head, pairs_of
from .natives import n
from .span import KIND_CLIENT, Span

FIRST_ERROR_STATUS = 400
# More exchanges than these are followed only until their first record is written.
OPEN = 1000
# Shorter exchanges do not say how busy this process was.
LONG_NANOS = 20_000_000

NO_ANSWER = "the connection was closed before the answer"
# The peer closed the connection in order, but in the middle of its answer.
EARLY_END = "premature-end", "the connection was closed before the end of the answer"
# What a task or a scope is ended by that the client itself gives up; it is no Exception.
_CANCELLED = ("CancelledError", "Cancelled")

# The method of a remote service that is being called, as its system and its name, where a client library says so.
calling = ContextVar("flakescope_calling", default=None)
# Exchanges under way, followed to the end of their test or process.
_open = set()
# Those among them whose connection is known, by the client's and the server's port.
_carried = {}


def arriving(client_port, server_port):
    """The exchange that arrives at a server of this process on a connection between these ports, or None."""
    return _carried.get((client_port, server_port))


class Exchange:
    """One network attempt. Its methods are called in the order in which things happen; `end` closes it."""

    def __init__(self, recorder, client, method):
        trace, parent, attribution = context.place()
        attributes = {
            "http.request.method": method, "flakescope.client": client, "flakescope.attribution": attribution,
        }
        if trace.is_test:
            attributes["flakescope.phase"] = trace.phase
        method_called = calling.get()
        if method_called is not None:
            attributes["rpc.system.name"], attributes["rpc.method"] = method_called
        self.recorder = recorder
        self.span = Span(recorder, trace, method, KIND_CLIENT, parent=parent, attributes=attributes)
        self.attributes = attributes
        self.request_body = Body(recorder.config.body_bytes)
        self.response_body = Body(recorder.config.body_bytes)
        self.request_coded = False
        self.response_coded = False
        self.has_response = False
        # When its client was last seen to read of the answer, and whether it has the head and reads no further for now.
        self.read_at = None
        self.at_rest = False
        self.done = False
        # Bytes of the request's body that the last record carried, and how far the last one told.
        self._written_body = 0
        self._told = 0
        self._begun = False
        self._budgeted = {"request": 0, "response": 0}
        self._over_budget = False
        self._ports = None
        self._thread = n.thread_id()
        self._cpu = n.cpu()
        _open.add(self)
        trace.open.add(self)

    def target(self, url, host, port):
        self.attributes["url.full"] = url
        self.attributes["server.address"] = host
        if port:
            self.attributes["server.port"] = port

    def request_head(self, pairs):
        """The request's head is known: pairs of names and values, as on the wire."""
        head = Head(pairs)
        self.request_coded = head.is_coded
        self.attributes.update(head.attributes("request", self.span))
        if head.has_credential:
            self.attributes.update(facts(head.lower))
        if head.retry_group:
            self.attributes["flakescope.retry.group"] = head.retry_group

    def unsent(self, headers, body):
        """The request does not get as far as its client was told to send it: `headers` and `body` as the client was given them,
        in the place of what nobody saw on its way."""
        if "flakescope.http.request_offset_ns" in self.attributes or self.done:
            return
        if "flakescope.http.request.header_order" not in self.attributes:
            self.request_head(pairs_of(headers))
        if self.request_body.size == 0:
            self.request_body.add_given(body)

    def connected(self, reused, at=None, peer=None, local=None):
        """The connection is there, since `at`, which is now if left out. `peer` is its other end, `local` this one."""
        self.attributes["flakescope.http.connection_reused"] = reused
        if not reused:
            self.attributes["flakescope.http.connect_offset_ns"] = max(0, self.span.offset(at))
        if isinstance(peer, tuple) and len(peer) >= 2:
            self.attributes["network.peer.address"] = str(peer[0])
            self.attributes["network.peer.port"] = int(peer[1])
            if isinstance(local, tuple) and len(local) >= 2:
                self._ports = (int(local[1]), int(peer[1]))
                _carried[self._ports] = self

    def request_sent(self):
        """The request is wholly sent. What of its body went out after the first record is worth another one."""
        self.attributes.setdefault("flakescope.http.request_offset_ns", self.span.offset())
        if self._begun and not self.done and self.request_body.size > self._written_body:
            self.write()

    def response_head(self, status, version, pairs):
        """The answer's head arrived."""
        self.has_response = True
        head = Head(pairs)
        self.response_coded = head.is_coded
        self.read_at = clock.mono()
        self.attributes["flakescope.http.first_byte_offset_ns"] = self.span.offset(self.read_at)
        self.attributes["http.response.status_code"] = status
        if version:
            self.attributes["network.protocol.version"] = version
        self.attributes.update(head.attributes("response", self.span))
        if status >= FIRST_ERROR_STATUS:
            self.attributes["error.type"] = str(status)
            self.span.fail()

    def received(self, data):
        """Bytes of the answer's body, as its client reads them."""
        self.read_at = clock.mono()
        self.response_body.add(data)

    def failed(self, error):
        """The call failed."""
        self._failed("timeout" if is_timeout(error) else code_of(error), message_of(error))

    def _failed(self, kind, message):
        self.attributes["error.type"] = kind
        self.attributes["error.message"] = message
        self.span.fail(message)

    def begin(self):
        """Writes the first record, with what is known by now."""
        if not self._begun and not self.done:
            self.write()

    def tell(self):
        """Its test or process ends and the answer may never come: what is known by now, unless that is written already."""
        if not self.done and self.at_rest:
            self._tell_rest()
        elif not self.done and (not self._begun or self._told < self._progress()):
            self.write()

    def _tell_rest(self):
        """The client has its answer and does not ask for the rest: over as far as anybody knows, unless it asks later."""
        known, self.span.finished = self.attributes, self.read_at
        known.update({"flakescope.http.response.complete": False, "flakescope.http.aborted_by": "client"})
        self._activity()
        self.write()
        self.span.finished = None
        for name in ("flakescope.http.response.complete", "flakescope.http.aborted_by", "flakescope.event_loop.active_ms"):
            known.pop(name, None)

    def _progress(self):
        """Which of the steps to the answer are known: the connection, the request's end, the answer's head."""
        known = self.attributes
        return sum(
            key in known
            for key in (
                "flakescope.http.connection_reused", "flakescope.http.request_offset_ns", "http.response.status_code",
            )
        )

    def write(self):
        self._begun = True
        self._told = self._progress()
        self._written_body = self.request_body.size
        if len(_open) > OPEN:
            self._leave()
        if self.request_body.size > 0:
            self._body("request", self.request_body, self.request_coded)
        if self.has_response:
            self._body("response", self.response_body, self.response_coded)
        self.span.write()

    def end(self, complete, at=None):
        """The exchange is over; `complete` when the answer came to its end."""
        if self.done:
            return
        self.done = True
        self._leave()
        self.span.end(at)
        known = self.attributes
        if self.has_response:
            known["flakescope.http.response.complete"] = complete
        if complete and "flakescope.http.first_byte_offset_ns" in known:
            # An answer may overtake the news that its request is sent, and be over before it.
            known.setdefault("flakescope.http.request_offset_ns", known["flakescope.http.first_byte_offset_ns"])
        self._activity()
        self.write()
        for side, body in (("request", self.request_body), ("response", self.response_body)):
            if body.truncated and not self._over_budget:
                self._gap("body-cut", side)

    def _activity(self):
        """How long this thread, or its event loop, ran code meanwhile: what it cannot have waited for its peer."""
        lasted = self.span.offset(self.span.finished)
        if lasted > LONG_NANOS and self._thread == n.thread_id():
            active = min(max(n.cpu() - self._cpu, 0), lasted)
            self.attributes["flakescope.event_loop.active_ms"] = round(active / 1e6)

    def broken(self, error):
        """The call failed under way, and is over. Who cut it follows from the error."""
        if self.done:
            return
        if not isinstance(error, Exception) and type(error).__name__ not in _CANCELLED:
            self.abandon()
            return
        self.failed(error)
        known = self.attributes
        if known["error.type"] == "timeout" or type(error).__name__ in _CANCELLED:
            known["flakescope.http.aborted_by"] = "client"
        elif "flakescope.http.connection_reused" in known:
            known["flakescope.http.aborted_by"] = "peer"
        self.end(complete=False)

    def cut_by_client(self):
        """The client has closed the connection or the answer before its end, for no reason that it gives."""
        if self.done:
            return
        self.attributes["flakescope.http.aborted_by"] = "client"
        # Who has the head of an answer may have no use for the rest of it, and lets go of it whenever it is collected:
        # nothing failed, and the call was over when it was last read.
        if not self.has_response:
            self.failed(ConnectionResetError(NO_ANSWER))
        self.end(complete=False, at=self.read_at)

    def ended_early(self):
        """The answer was not at its end when the peer closed the connection, in order and without a reset."""
        if self.done:
            return
        self._failed(*EARLY_END)
        self.attributes["flakescope.http.aborted_by"] = "peer"
        self.end(complete=False)

    def abandon(self):
        """What ran the call was interrupted from outside, as by a test's time limit: it stays unfinished."""
        if not self.done:
            self.write()
            self.discard()

    def discard(self):
        """Nothing came of it."""
        self.done = True
        self._leave()

    def _leave(self):
        """Follows it no longer."""
        _open.discard(self)
        if _carried.get(self._ports) is self:
            del _carried[self._ports]
        self.span.trace.open.discard(self)

    def _gap(self, kind, detail):
        self.recorder.gap(kind, detail, trace=self.span.trace.trace_id, span=self.span.id)

    def _body(self, side, body, coded):
        """Puts what is known of a body on the span, within the attempt's budget."""
        known = self.attributes
        content = "http.{}.body.content".format(side)
        known["http.{}.body.size".format(side)] = body.size
        digest = body.seal() if self.done else None
        if digest:
            known["flakescope.http.{}.body.hash".format(side)] = digest
        if body.truncated:
            known["flakescope.http.{}.body.truncated".format(side)] = True
        if self._within_budget(side, len(body.kept)):
            known[content] = body.content(coded)
        else:
            known.pop(content, None)

    def _within_budget(self, side, size):
        trace = self.span.trace
        more = size - self._budgeted[side]
        if trace.body_bytes + more > self.recorder.config.attempt_bytes:
            if not self._over_budget:
                self._gap("attempt-budget", side)
            self._over_budget = True
            return False
        trace.body_bytes += more
        self._budgeted[side] = size
        return True


_prepared = False


def prepare(recorder):
    """The first client is loaded: what every exchange needs, before a test can have replaced it."""
    global _prepared
    if not _prepared:
        _prepared = True
        pseudonym.configure(recorder.config)
        recorder.at_exit.append(flush)
        recorder.after_fork.append(_open.clear)
        recorder.after_fork.append(_carried.clear)


def flush():
    """Writes what is not yet written of the exchanges under way; used at exit."""
    for exchange in list(_open):
        exchange.tell()
