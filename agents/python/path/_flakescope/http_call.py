"""One request of `http.client` on its way, and what is remembered of its connection."""

import socket

from .body import Chunks
from .exchange import Exchange
from .headers import parse_lines
from .propagation import may_propagate, traceparent

_BODILESS = (204, 304)
# As it is before a test puts something in its place.
_Socket = socket.socket


class Connection:
    """What is remembered of a connection: since when it is there, and whether it has carried a request."""

    __slots__ = ("call", "since", "peer", "local", "carried")

    def __init__(self):
        self.call = None
        self.since = None
        self.peer = None
        self.local = None
        self.carried = 0


class Call:
    """`connection` is the `http.client` object, `state` what we remember of it."""

    def __init__(self, recorder, connection, state, method):
        self.recorder = recorder
        self.connection = connection
        self.state = state
        self.exchange = Exchange(recorder, "http.client", method)
        self.exchange.attributes.update(_limit(connection))
        # Bytes of the head that are still to pass, None before it is known.
        self.head_left = None
        # Headers and body as the client was given them, until the request is sent.
        self.given = (None, None)
        self.chunks_out = None
        self.chunks_in = None
        # Bytes of the answer's body that are to come, None when it ends with the connection.
        self.left = None
        # How deep we are in calls of the client that tell of a failure themselves.
        self.inside = 0
        self.answered = False

    def target(self, path):
        connection = self.connection
        # Behind a tunnel the request is for somebody else than the socket.
        host = getattr(connection, "_tunnel_host", None) or connection.host
        port = (getattr(connection, "_tunnel_port", None) if host is not connection.host else None) or connection.port
        secure = connection.default_port == 443
        name = "[{}]".format(host) if ":" in host and not host.startswith("[") else host
        origin = "{}://{}{}".format("https" if secure else "http", name, "" if port == connection.default_port else ":%d" % port)
        absolute = "://" in path.partition("?")[0] or not path.startswith("/")
        self.exchange.target(path if absolute and path != "*" else origin + path, host.strip("[]"), port)

    def head(self, buffer):
        """The head is complete in the connection's `buffer`, and gets our own header when the call may carry one."""
        lines = buffer[1:]
        request = buffer[0].decode("latin-1").split(" ")
        self.exchange.attributes["http.request.method"] = self.exchange.span.name = request[0]
        self.target(request[1] if len(request) > 1 else "/")
        pairs = parse_lines(lines)
        known = self.exchange.attributes
        if (
            self._leads_out()
            and not any(name.lower() == "traceparent" for name, _ in pairs)
            and may_propagate(self.recorder.config, known["server.address"], known.get("server.port"))
        ):
            buffer.append(b"traceparent: " + traceparent(self.exchange.span).encode("ascii"))
        self.head_left = sum(map(len, buffer)) + 2 * len(buffer) + 2
        if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in pairs):
            self.chunks_out = Chunks()
        self.exchange.request_head(pairs)
        if getattr(self.connection, "sock", None) is not None:
            self.connected()
        self.exchange.begin()

    def _leads_out(self):
        """Whether there is somebody to tell: what a test puts in place of a socket looks at the bytes it is sent."""
        sock = getattr(self.connection, "sock", None)
        return sock is None or isinstance(sock, _Socket)

    def connected(self):
        state = self.state
        if "flakescope.http.connection_reused" not in self.exchange.attributes:
            if state.peer is None:
                state.peer, state.local = _ends(self.connection)
            self.exchange.connected(state.carried > 0, state.since, state.peer, state.local)

    def sent(self, data):
        """These bytes go out: what is left of the head, then the body."""
        if self.head_left is None or self.answered:
            return
        data = memoryview(data).cast("B")
        skipped = min(self.head_left, len(data))
        self.head_left -= skipped
        body = bytes(data[skipped:])
        if body:
            self.exchange.request_body.add(self.chunks_out.feed(body) if self.chunks_out else body)

    def whole(self):
        """The client turns to the answer: everything is sent."""
        if getattr(self.connection, "sock", None) is not None:
            self.connected()
        self.exchange.request_sent()
        self.given = (None, None)

    def respond(self, response):
        """The answer's head is there; `response.fp` will tell of its body."""
        self.answered = True
        self.state.carried += 1
        exchange = self.exchange
        version = {9: "0.9", 10: "1.0", 11: "1.1"}.get(response.version)
        raw = getattr(response.headers, "raw_items", response.headers.items)
        exchange.response_head(response.status, version, [(str(name), str(value)) for name, value in raw()])
        self.chunks_in = Chunks() if response.chunked else None
        self.left = None if response.chunked else response.length
        bodiless = exchange.span.name in ("HEAD", "CONNECT") or response.status in _BODILESS or self.left == 0
        if bodiless or not hasattr(response.fp, "follow"):
            exchange.end(complete=True)
        else:
            response.fp.follow(self)
            self.reading(False)
            self._arrived_with_head(response.fp.arrived())

    def _arrived_with_head(self, data):
        """What came in one piece with the head is an answer whole, though its client may never look at it: who is refused
        often knows enough by the status."""
        chunks = Chunks() if self.chunks_in else None
        if chunks:
            chunks.feed(data)
        if chunks.over if chunks else self.left is not None and len(data) >= self.left:
            self.received(data)

    def reading(self, begins):
        """The client asks for more of the answer, or has what it asked for."""
        self.exchange.at_rest = not begins and not self.exchange.done

    def received(self, data):
        """Bytes of the answer's body."""
        exchange = self.exchange
        if exchange.done:
            return
        if self._take(data, exchange.received):
            exchange.end(complete=True)

    def _take(self, data, put):
        """Gives the payload that is in `data` to `put`; whether the body is over."""
        if self.chunks_in:
            put(self.chunks_in.feed(data))
            return self.chunks_in.over
        if self.left is None:
            put(data)
            return False
        put(data[: self.left])
        self.left -= min(self.left, len(data))
        return self.left == 0

    def closing(self, data):
        """The client lets go of its answer; `data` has arrived of it and was not read."""
        exchange = self.exchange
        if not exchange.done and data and self._take(data, exchange.response_body.add):
            exchange.end(complete=True, at=exchange.read_at)

    def ended(self):
        """Nothing more comes from the peer."""
        if self.left is None and self.chunks_in is None:
            self.exchange.end(complete=True)
        else:
            self.exchange.ended_early()

    def failed(self, error):
        self.exchange.unsent(*self.given)
        self.exchange.broken(error)

    def closed(self):
        if not self.inside:
            self.exchange.cut_by_client()


def _limit(connection):
    """The client's own time limit for each step, as an attribute."""
    timeout = getattr(connection, "timeout", None)
    if isinstance(timeout, (int, float)) and not isinstance(timeout, bool) and timeout > 0:
        return {"flakescope.http.timeout_ms": int(timeout * 1000)}
    return {}


def _ends(connection):
    """The other end of the connection, and this one."""
    try:
        return connection.sock.getpeername(), connection.sock.getsockname()
    except (OSError, AttributeError, ValueError):
        return None, None
