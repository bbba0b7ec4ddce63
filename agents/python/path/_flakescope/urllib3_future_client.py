"""Captures urllib3.future, and with it niquests, synchronous and asynchronous, in HTTP/1.1, HTTP/2 and HTTP/3: one exchange
for each request on a connection. It speaks to no `http.client`, and takes urllib3's own name where it is installed."""

from contextvars import ContextVar

from . import clock, exchange, frames
from .exchange import Exchange
from .http_call import Connection
from .propagation import may_propagate, traceparent

_STATE = "_flakescope_future"
_VERSIONS = {11: "1.1", 20: "2", 30: "3"}
_recorder = None
# The call that a pool makes.
_current = ContextVar("flakescope_urllib3_future", default=None)


def install_pool(recorder, module):
    """`module` is `urllib3_future.connectionpool`, its asynchronous twin, or what has the name of urllib3, just imported."""
    if not hasattr(module, "ResponsePromise"):
        from . import http_client

        http_client.install_urllib3(recorder, module)
    elif hasattr(module, "AsyncHTTPConnectionPool"):
        frames.around_async(module.AsyncHTTPConnectionPool, "_make_request", _make, _made)
    else:
        frames.around(module.HTTPConnectionPool, "_make_request", _make, _made)


def install_backend(recorder, module):
    """`module` is `urllib3_future.backend.hface` or its asynchronous twin, just imported."""
    global _recorder
    exchange.prepare(recorder)
    _recorder = recorder
    is_async = hasattr(module, "AsyncHfaceBackend")
    around = frames.around_async if is_async else frames.around
    backend = module.AsyncHfaceBackend if is_async else module.HfaceBackend
    response = module.AsyncLowLevelResponse if is_async else module.LowLevelResponse
    around(backend, "_post_conn", _connects, _connected)
    around(backend, "endheaders", _head, _sent)
    around(backend, "send", _send, _sent)
    around(backend, "getresponse", _wait, _answered)
    frames.before(backend, "close", _close)
    # Older versions read by one function.
    around(response, "_read" if hasattr(response, "_read") else "read", _reads, _read)
    frames.before(response, "close", _close)


class Call:
    """One request on its way. `given` are the headers and the body that the pool was given."""

    def __init__(self, connection, method, given=(None, None)):
        self.connection = connection
        self.given = given
        self.exchange = Exchange(_recorder, "urllib3.future", method)
        # Bytes of the answer's body that are to come, None when only its end says so.
        self.left = None
        self.answered = False
        # How deep we are in calls of the client that tell of a failure themselves.
        self.inside = 0

    def target(self, path):
        connection = self.connection
        tunnel = getattr(connection, "_tunnel_host", None)
        host = tunnel or connection.host
        secure = connection.scheme == "https"
        default = 443 if secure else 80
        port = (connection._tunnel_port if tunnel else connection.port) or default
        name = "[{}]".format(host) if ":" in host and not host.startswith("[") else host
        origin = "{}://{}{}".format("https" if secure else "http", name, "" if port == default else ":{}".format(port))
        self.exchange.target(origin + path if path.startswith("/") else path, host.strip("[]"), port)

    def head(self, fields):
        """The head is complete, in the form of HTTP/2; our own header goes with it when the call may carry one."""
        known = self.exchange.attributes
        own = {name: value.decode("latin-1") for name, value in fields if name.startswith(b":")}
        known["http.request.method"] = self.exchange.span.name = own.get(b":method", known["http.request.method"])
        self.target(own.get(b":path", "/"))
        pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields if not name.startswith(b":")]
        has_parent = any(name == "traceparent" for name, _ in pairs)
        if getattr(self.connection._svn, "value", "HTTP/1.1") == "HTTP/1.1":
            pairs = [("Host", own.get(b":authority", ""))] + [("-".join(map(str.capitalize, name.split("-"))), value) for name, value in pairs]
        self.exchange.request_head(pairs)
        if not has_parent and may_propagate(_recorder.config, known["server.address"], known.get("server.port")):
            fields.append((b"traceparent", traceparent(self.exchange.span).encode("ascii")))
        self.connected()
        _state(self.connection).carried += 1
        self.exchange.begin()

    def connected(self):
        state = _state(self.connection)
        sock = getattr(self.connection, "sock", None)
        if sock is not None and "flakescope.http.connection_reused" not in self.exchange.attributes:
            self.exchange.connected(state.carried > 0, state.since, _end(sock, "getpeername"), _end(sock, "getsockname"))

    def respond(self, response):
        self.answered = True
        pairs = [(str(name), str(value)) for name, value in response.msg.items()]
        self.exchange.response_head(response.status, _VERSIONS.get(response.version), pairs)
        length = response.msg.get("content-length", "")
        self.left = int(length) if length.isdigit() else None
        if response.closed or response.status == 101 or self.exchange.span.name in ("HEAD", "CONNECT"):
            self.exchange.end(complete=True)
        else:
            response.__dict__[_STATE] = self

    def received(self, data, is_over):
        body = self.exchange.response_body
        body.add(data)
        if is_over or (self.left is not None and body.size >= self.left):
            self.exchange.end(complete=True)

    def failed(self, error):
        if self.answered and type(error).__name__ == "IncompleteRead":
            # It takes a reset for an end, too.
            self.exchange.ended_early()
        elif not self.exchange.done:
            self.exchange.unsent(*self.given)
            self.exchange.broken(error)

    def closed(self):
        if not self.inside:
            self.exchange.cut_by_client()


def _state(connection):
    return connection.__dict__.setdefault(_STATE, Connection())


def _end(sock, name):
    """The other end of a connection, or this one."""
    try:
        return getattr(getattr(sock, "_sock", sock), name)()
    except (OSError, AttributeError, ValueError, TypeError):
        return None


def _make(pool, connection, method, url, *args, **kwargs):
    # Not what a test puts in its place, as vcrpy does.
    if not hasattr(connection, "_promises") or "real_connection" in vars(connection):
        return None
    call = Call(connection, str(method), (kwargs.get("headers"), kwargs.get("body")))
    call.target(str(url))
    limit = getattr(kwargs.get("timeout"), "_read", None)
    if isinstance(limit, (int, float)) and not isinstance(limit, bool) and limit > 0:
        call.exchange.attributes["flakescope.http.timeout_ms"] = int(limit * 1000)
    _state(connection).call = call
    call.inside += 1
    _current.set(call)
    return call


def _made(call, _result, error, *args, **kwargs):
    _current.set(None)
    call.inside -= 1
    if error is not None:
        call.failed(error)


def _call_of(connection):
    """The call that is being made on a connection, on which others may be under way."""
    call = _current.get()
    return call if call is not None and call.connection is connection else _state(connection).call


def _connects(connection, *args, **kwargs):
    return connection


def _connected(connection, _result, error, *args, **kwargs):
    if error is not None:
        return
    state = _state(connection)
    state.since = clock.mono()
    state.carried = 0
    call = _call_of(connection)
    if call is not None and not call.exchange.done and not call.answered:
        # A tunnel is a connection before the one to its end.
        call.exchange.attributes.pop("flakescope.http.connection_reused", None)
        call.connected()


def _head(connection, *args, **kwargs):
    call = _call_of(connection)
    if call is None or call.answered or call.exchange.done:
        # Made without a pool.
        call = _state(connection).call = Call(connection, "")
    fields = getattr(connection, "_{}__headers".format(_backend_of(connection)), None)
    if fields is None:
        _recorder.gap("client-unseen", "urllib3.future: a version of another kind", call.exchange.span.trace.trace_id)
        call.exchange.discard()
        return None
    call.head(fields)
    return call


def _backend_of(connection):
    """The class that has the request's head, by a name of its own."""
    return next((kind.__name__ for kind in type(connection).__mro__ if kind.__name__.endswith("HfaceBackend")), "")


def _send(connection, data=b"", *args, **kwargs):
    call = _call_of(connection)
    if call is None or call.exchange.done:
        return None
    if isinstance(data, (bytes, bytearray)):
        call.exchange.request_body.add(data)
    return call


def _sent(call, promise, error, *args, **kwargs):
    """A promise says that all is sent, or that the peer has answered before."""
    promise = getattr(error, "promise", promise)
    if promise is not None:
        promise.__dict__[_STATE] = call
        call.exchange.request_sent()


def _wait(connection, *args, **kwargs):
    promise = kwargs.get("promise")
    call = _call_of(connection) if promise is None else promise.__dict__.get(_STATE)
    if call is not None:
        call.inside += 1
    return call or connection


def _answered(asked, response, error, *args, **kwargs):
    if isinstance(asked, Call):
        asked.inside -= 1
        if error is not None:
            asked.failed(error)
    promise = getattr(response, "from_promise", None)
    call = promise and promise.__dict__.get(_STATE)
    # An answer that comes before the last is asked for again, inside of the same call.
    if call and not call.answered and not call.exchange.done:
        call.respond(response)


def _reads(response, *args, **kwargs):
    call = response.__dict__.get(_STATE)
    if call is not None:
        call.inside += 1
    return call


def _read(call, data, error, response, *args, **kwargs):
    call.inside -= 1
    if error is not None:
        call.failed(error)
    else:
        call.received(data, response.closed)


def _close(owner, *args, **kwargs):
    """A connection or an answer is closed."""
    state = owner.__dict__.get(_STATE)
    call = state.call if isinstance(state, Connection) else state
    if call is not None:
        call.closed()
