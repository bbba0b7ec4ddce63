"""Captures httpcore, and with it httpx, synchronous and asynchronous: one exchange for each request on a connection."""

from . import clock, exchange, frames, tee
from .body import Chunks
from .exchange import Exchange
from .failure import message_of
from .guard import guard
from .propagation import may_propagate, traceparent

_recorder = None
# What it says of a connection that the peer closed in the middle of an answer.
_CLOSED = "peer closed connection without sending complete message body"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def install(recorder, module):
    """`module` is `httpcore._sync.connection` or its asynchronous twin, just imported."""
    global _recorder
    exchange.prepare(recorder)
    _recorder = recorder
    if hasattr(module, "HTTPConnection"):
        frames.around(module.HTTPConnection, "handle_request", _begin, _over)
        _keep_signature(module.HTTPConnection.handle_request)
    else:
        frames.around_async(module.AsyncHTTPConnection, "handle_async_request", _begin, _over)
        _keep_signature(module.AsyncHTTPConnection.handle_async_request)


def _keep_signature(wrapper):
    """respx calls these by the names of their arguments, for which it does not look below a wrapper."""
    import inspect

    wrapper.__signature__ = inspect.signature(wrapper)


class Call:
    """One request on its way. httpcore tells of its steps by the extension `trace`."""

    def __init__(self, connection, request):
        self.connection = connection
        self.request = request
        self.stream = request.stream
        self.headers = request.headers
        self.extensions = request.extensions
        self.exchange = Exchange(_recorder, "httpcore", request.method.decode("latin-1"))
        self.started = False
        self.is_new = False
        self.answered = False
        # Bytes of the answer's body, where its head says so.
        self.length = None
        self.chunks = None
        self._target()

    def _target(self):
        url = self.request.url
        scheme, host = url.scheme.decode("latin-1"), url.host.decode("latin-1")
        default = _DEFAULT_PORTS.get(scheme)
        port = url.port or default
        name = "[{}]".format(host) if ":" in host and not host.startswith("[") else host
        origin = "{}://{}{}".format(scheme, name, "" if port == default else ":{}".format(port))
        self.exchange.target(origin + url.target.decode("latin-1"), host.strip("[]"), port)
        limit = (self.extensions.get("timeout") or {}).get("read")
        if isinstance(limit, (int, float)) and limit > 0:
            self.exchange.attributes["flakescope.http.timeout_ms"] = int(limit * 1000)

    def prepare(self, is_async):
        """Puts our own header, our trace and our eyes upon the request; `restore` takes them off again."""
        request, exchange = self.request, self.exchange
        pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.headers]
        exchange.request_head(pairs)
        known = exchange.attributes
        has_parent = any(name.lower() == "traceparent" for name, _ in pairs)
        if not has_parent and may_propagate(_recorder.config, known["server.address"], known.get("server.port")):
            request.headers = list(self.headers) + [(b"traceparent", traceparent(exchange.span).encode("ascii"))]
        request.extensions = dict(self.extensions, trace=_tracer(self, self.extensions.get("trace"), is_async))
        request.stream = tee.stream_of(self.stream, _Sent(exchange), is_async)

    def restore(self):
        self.request.headers, self.request.extensions, self.request.stream = self.headers, self.extensions, self.stream

    def step(self, name, info):
        exchange = self.exchange
        if not self.started:
            self.started = True
            exchange.begin()
        if name in ("connection.connect_tcp.complete", "connection.start_tls.complete", "connection.connect_unix_socket.complete"):
            self.is_new = True
            exchange.attributes.pop("flakescope.http.connection_reused", None)
            exchange.connected(False, clock.mono(), *_ends(info.get("return_value")))
        elif name.endswith("send_request_headers.started") and not self.is_new:
            exchange.connected(True, None, *_ends(_stream(self.connection)))
        elif name.endswith("send_request_body.complete"):
            exchange.request_sent()

    def respond(self, response):
        exchange = self.exchange
        self.answered = True
        version = response.extensions.get("http_version", b"").decode("latin-1").rpartition("/")[2]
        pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers]
        exchange.response_head(response.status, version, pairs)
        lengths = {value for name, value in pairs if name.lower() == "content-length" and value.isdigit()}
        self.length = int(lengths.pop()) if len(lengths) == 1 else None
        codings = [value.lower() for name, value in pairs if name.lower() == "transfer-encoding"]
        self.chunks = Chunks() if any("chunked" in value for value in codings) else None

    # What `tee.stream_of` tells of the answer's body.
    def received(self, data):
        exchange = self.exchange
        exchange.received(data)
        # Its reader may stop before it is told of the end, as httpx does with what it cannot decode.
        if exchange.response_body.size == self.length:
            exchange.end(complete=True)

    def ended(self):
        self.exchange.end(complete=True)

    def failed(self, error):
        exchange = self.exchange
        if not self.started:
            # Another connection will be asked.
            exchange.discard()
        elif self.answered and message_of(error).startswith(_CLOSED):
            exchange.ended_early()
        elif not exchange.done:
            # Both libraries hold a body that they have as a whole in a stream of their own.
            exchange.unsent(None, getattr(self.stream, "_stream", getattr(self.stream, "_content", None)))
            exchange.broken(error)

    def closing(self):
        """The client lets go of its answer. What has arrived of it is known only from its beginning, as a part of a chunk
        does not say where it begins."""
        exchange = self.exchange
        if exchange.done or not self.answered or exchange.response_body.size > 0:
            return
        data = _unread(self.connection)
        chunks = None if self.length is not None else self.chunks
        exchange.response_body.add(chunks.feed(data) if chunks else data[: self.length])
        if chunks.over if chunks else exchange.response_body.size == self.length:
            exchange.end(complete=True, at=exchange.read_at)

    def closed(self):
        self.exchange.cut_by_client()


class _Sent:
    """What `tee.stream_of` tells of the request's body."""

    def __init__(self, exchange):
        self.exchange = exchange

    def received(self, data):
        self.exchange.request_body.add(data)

    def ended(self):
        pass

    def failed(self, error):
        pass

    def closing(self):
        pass

    def closed(self):
        pass


def _begin(connection, request):
    call = Call(connection, request)
    call.prepare(hasattr(connection, "handle_async_request"))
    return call


def _over(call, response, error, *args, **kwargs):
    call.restore()
    if error is not None:
        call.failed(error)
        return
    call.respond(response)
    response.stream = tee.stream_of(response.stream, call, hasattr(response.stream, "__aiter__"))


def _tracer(call, other, is_async):
    step = guard("httpcore trace")(call.step)
    if is_async:
        async def trace_async(name, info):
            step(name, info)
            if other is not None:
                await other(name, info)

        return trace_async

    def trace(name, info):
        step(name, info)
        if other is not None:
            other(name, info)

    return trace


def _stream(connection):
    return getattr(getattr(connection, "_connection", None), "_network_stream", None)


def _unread(connection):
    """What a connection of HTTP/1.1 has of an answer that was not read; nothing is taken."""
    state = getattr(getattr(connection, "_connection", None), "_h11_state", None)
    if state is None:
        return b""
    try:
        sock = _stream(connection).get_extra_info("socket")
    except Exception:
        sock = None
    return state.trailing_data[0] + tee.waiting(sock)


def _ends(stream):
    """The other end of the connection, and this one."""
    try:
        return stream.get_extra_info("server_addr"), stream.get_extra_info("client_addr")
    except Exception:
        return None, None
