"""Captures aiohttp's client: one exchange for each request on a connection, from before it connects. Bytes are counted as
they are on the wire, so they are taken from the connection's own protocol."""

from contextvars import ContextVar

from . import clock, exchange, frames
from .body import Chunks
from .exchange import Exchange
from .propagation import may_propagate, traceparent

# What may arrive before the client has read the head of an answer.
EARLY_BYTES = 1 << 20
_HEAD_END = b"\r\n\r\n"
_KEY = "_flakescope"

_recorder = None
# The call whose request is being written, for the writer that is made for it.
_sending = ContextVar("flakescope_aiohttp", default=None)


class Call:
    """One request of a session on its way."""

    def __init__(self, request, limit):
        self.exchange = Exchange(_recorder, "aiohttp", str(request.method))
        self.exchange.target(str(request.url), str(request.url.host or ""), request.url.port)
        if limit:
            self.exchange.attributes["flakescope.http.timeout_ms"] = int(limit * 1000)
        # What is left of a head that is still to pass: None when it has.
        self.head_out = bytearray()
        self.chunks_out = None
        # Whether a task of its own writes the body.
        self.writes = False
        # What arrived before the client knew the head.
        self.early = bytearray()
        self.chunks_in = None
        self.left = None
        self.answered = False

    def connected(self, reused, transport):
        ends = (None, None) if transport is None else map(transport.get_extra_info, ("peername", "sockname"))
        self.exchange.connected(reused, clock.mono(), *ends)

    def head(self, headers):
        """The request's headers as they will be sent; answers them with our own, when the call may carry one."""
        known = self.exchange.attributes
        pairs = [(str(name), str(value)) for name, value in headers.items()]
        lower = {name.lower(): value for name, value in pairs}
        if "chunked" in lower.get("transfer-encoding", "").lower():
            self.chunks_out = Chunks()
        self.exchange.request_head(pairs)
        self.exchange.begin()
        if "traceparent" in lower or not may_propagate(_recorder.config, known["server.address"], known.get("server.port")):
            return None
        changed = headers.copy()
        changed["traceparent"] = traceparent(self.exchange.span)
        return changed

    def sent(self, data):
        if self.head_out is not None:
            self.head_out += data
            end = self.head_out.find(_HEAD_END)
            if end < 0:
                return
            data, self.head_out = bytes(self.head_out[end + 4 :]), None
        if data:
            self.exchange.request_body.add(self.chunks_out.feed(data) if self.chunks_out else data)

    def respond(self, response):
        """The client knows the head of the answer."""
        exchange = self.exchange
        exchange.request_sent()
        version = "{}.{}".format(*response.version) if response.version else None
        pairs = [(name.decode("latin-1"), value.decode("utf-8", "surrogateescape")) for name, value in response.raw_headers]
        exchange.response_head(int(response.status), version, pairs)
        lower = {name.lower(): value for name, value in pairs}
        self.answered = True
        bodiless = exchange.span.name == "HEAD" or response.status in (204, 304) or response.status == 101
        if "chunked" in lower.get("transfer-encoding", "").lower():
            self.chunks_in = Chunks()
        elif lower.get("content-length", "").isdigit():
            self.left = int(lower["content-length"])
        if bodiless or self.left == 0:
            exchange.end(complete=True)
            return
        early, self.early = self.early, b""
        self._body(_after_heads(bytes(early)))

    def received(self, data):
        if self.exchange.done:
            return
        if self.answered:
            self._body(data)
        elif len(self.early) < EARLY_BYTES:
            self.early += data

    def _body(self, data):
        exchange = self.exchange
        if self.chunks_in:
            exchange.received(self.chunks_in.feed(data))
            over = self.chunks_in.over
        else:
            exchange.received(data if self.left is None else data[: self.left])
            if self.left is not None:
                self.left = max(0, self.left - len(data))
            over = self.left == 0
        if over:
            exchange.end(complete=True)

    def lost(self, error):
        """The connection is gone."""
        if self.exchange.done or not self.answered:
            return
        if error is not None:
            self.exchange.broken(error)
        elif self.left is None and self.chunks_in is None:
            self.exchange.end(complete=True)
        else:
            self.exchange.ended_early()


def _after_heads(data):
    """What stands behind the head of the answer, and behind those of provisional answers before it."""
    while True:
        head, found, rest = data.partition(_HEAD_END)
        if not found:
            return b""
        if not head.split(b"\r\n", 1)[0].split(b" ")[1:2] or not head.split(b" ")[1].startswith(b"1"):
            return rest
        data = rest


def install(recorder, _module):
    """aiohttp's client is loaded."""
    global _recorder
    from aiohttp import client_proto, client_reqrep, connector, http_writer

    exchange.prepare(recorder)
    _recorder = recorder
    frames.around_async(connector.BaseConnector, "connect", _connect, _connection)
    for kind in vars(connector).values():
        if isinstance(kind, type) and "_create_connection" in vars(kind):
            frames.around_async(kind, "_create_connection", _call_of, _created)
    frames.around_async(client_reqrep.ClientRequest, "send", _send, _sent)
    frames.around_async(client_reqrep.ClientRequest, "write_bytes", _writes, _wrote)
    frames.before(http_writer.StreamWriter, "write_headers", _headers)
    frames.before(http_writer.StreamWriter, "_write", _write)
    if hasattr(http_writer.StreamWriter, "_writelines"):
        frames.before(http_writer.StreamWriter, "_writelines", _writelines)
    frames.around_async(client_reqrep.ClientResponse, "start", _start, _started)
    frames.before(client_proto.ResponseHandler, "data_received", _data)
    frames.before(client_proto.ResponseHandler, "connection_lost", _lost)
    frames.before(client_proto.ResponseHandler, "close", _close)


def _call_of(_connector, request, *args, **kwargs):
    return request.__dict__.get(_KEY)


def _connect(_connector, request, traces, timeout, *args, **kwargs):
    limit = next((value for value in (timeout.sock_read, timeout.total) if value), None)
    call = request.__dict__[_KEY] = Call(request, limit)
    return request, call


def _created(call, protocol, error, *args, **kwargs):
    if error is None:
        call.connected(False, protocol.transport)


def _connection(token, connection, error, *args, **kwargs):
    request, call = token
    if error is not None:
        # What is told begins with what is known: nobody was reached.
        call.exchange.unsent(request.headers, getattr(request.body, "_value", request.body))
        call.exchange.begin()
        call.exchange.broken(error)
        return
    if "flakescope.http.connection_reused" not in call.exchange.attributes:
        call.connected(True, connection.transport)
    connection.protocol.__dict__[_KEY] = call


def _send(request, *args, **kwargs):
    call = request.__dict__.get(_KEY)
    if call is not None:
        _sending.set(call)
    return call


def _sent(call, response, error, *args, **kwargs):
    _sending.set(None)
    if error is not None:
        call.exchange.broken(error)
    else:
        response.__dict__[_KEY] = call
        if not call.writes:
            call.exchange.request_sent()


def _writes(request, *args, **kwargs):
    call = request.__dict__.get(_KEY)
    if call is not None:
        call.writes = True
    return call


def _wrote(call, _result, error, *args, **kwargs):
    if error is None:
        call.exchange.request_sent()


def _headers(writer, status_line, headers, *args, **kwargs):
    call = _sending.get()
    if call is None or call.exchange.done:
        return None
    writer.__dict__[_KEY] = call
    changed = call.head(headers)
    return None if changed is None else (writer, status_line, changed) + args


def _write(writer, chunk, *args, **kwargs):
    call = writer.__dict__.get(_KEY)
    if call is not None:
        call.sent(bytes(chunk))


def _writelines(writer, chunks, *args, **kwargs):
    call = writer.__dict__.get(_KEY)
    if call is None:
        return None
    chunks = list(chunks)
    for chunk in chunks:
        call.sent(bytes(chunk))
    return (writer, chunks) + args


def _start(response, *args, **kwargs):
    return response.__dict__.get(_KEY)


def _started(call, response, error, *args, **kwargs):
    if error is not None:
        call.exchange.broken(error)
    elif not call.exchange.done:
        call.respond(response)


def _data(protocol, data, *args, **kwargs):
    call = protocol.__dict__.get(_KEY)
    if call is not None and data:
        call.received(bytes(data))


def _lost(protocol, error=None, *args, **kwargs):
    call = protocol.__dict__.pop(_KEY, None)
    if call is not None:
        call.lost(error)


def _close(protocol, *args, **kwargs):
    call = protocol.__dict__.pop(_KEY, None)
    # A call without an answer is closed because of an error that its client is about to tell.
    if call is not None and call.answered:
        call.exchange.cut_by_client()
