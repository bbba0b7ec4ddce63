"""Captures `http.client`, and with it `urllib`, requests, urllib3 and botocore: each network attempt is a request of its
own. Nothing is consumed and nothing waits for us."""

import io

from . import clock, exchange, frames, tee
from .http_call import Call, Connection

_STATE = "_flakescope"
# What urllib3 is given in the place of a header that it is not to add.
_LEFT_OUT = "@@@SKIP_HEADER@@@"
_recorder = None


def install(recorder, module):
    """`module` is `http.client`, just imported."""
    global _recorder
    exchange.prepare(recorder)
    _recorder = recorder
    connection = module.HTTPConnection
    frames.around(connection, "endheaders", _head, _over)
    frames.before(connection, "send", _send)
    frames.around(connection, "getresponse", _wait, _answered)
    frames.before(connection, "close", _close)
    frames.after(module.HTTPResponse, "__init__", _made)
    install_connect(recorder, module)


def install_connect(_recorder, module):
    """Classes that connect by themselves: those of `http.client` and of urllib3."""
    for name in ("HTTPConnection", "HTTPSConnection"):
        owner = getattr(module, name, None)
        if isinstance(owner, type) and "connect" in vars(owner):
            frames.after(owner, "connect", _connected)


def install_urllib3(_recorder, module):
    """urllib3 connects before it makes the request: this is where a call begins that never gets that far."""
    frames.around(module.HTTPConnectionPool, "_make_request", _make, _over)


def _state(connection):
    state = connection.__dict__.get(_STATE)
    if state is None:
        state = connection.__dict__[_STATE] = Connection()
    return state


def _is_ours(connection):
    """Whether it works as `http.client` does: not urllib3's HTTP/2, nor what a test puts in its place, as vcrpy does, which
    hands on what it does not answer to a `real_connection`."""
    known = getattr(connection, "__dict__", None)
    return known is not None and "real_connection" not in known and hasattr(connection, "_buffer") and hasattr(connection, "default_port")


def _make(pool, connection, method, url, body=None, headers=None, *args, **kwargs):
    if not _is_ours(connection):
        return None
    state = _state(connection)
    state.call = Call(_recorder, connection, state, str(method))
    state.call.target(str(url))
    # urllib3 gives them by name, and before version 2 has other arguments in their places.
    given = headers if hasattr(headers, "items") else {}
    state.call.given = ([pair for pair in given.items() if pair[1] != _LEFT_OUT], body)
    state.call.inside += 1
    return state.call


def _head(connection, message_body=None, *args, **kwargs):
    buffer = connection.__dict__.get("_buffer")
    if not buffer:
        return None
    state = _state(connection)
    call = state.call
    if call is None or call.head_left is not None or call.exchange.done:
        if call is not None:
            call.closed()
        call = state.call = Call(_recorder, connection, state, "")
    call.head(buffer)
    if message_body is not None:
        call.given = (None, message_body)
    call.inside += 1
    return call


def _over(call, _result, error, *args, **kwargs):
    call.inside -= 1
    if error is not None:
        call.failed(error)


def _open_call(connection):
    state = connection.__dict__.get(_STATE)
    call = state and state.call
    return None if call is None or call.exchange.done or call.answered else call


def _send(connection, data=None, *args, **kwargs):
    call = _open_call(connection)
    if call is None or data is None:
        return None
    if hasattr(data, "read"):
        return (connection, tee.reader_of(data, call.sent)) + args
    if isinstance(data, (bytes, bytearray, memoryview)):
        call.sent(data)
    elif not isinstance(data, str):
        try:
            call.sent(data)
        except TypeError:
            # An iterable, whose parts nobody can see without taking them.
            call.recorder.gap("client-unseen", "http.client: the parts of an iterable body", call.exchange.span.trace.trace_id)
    return None


def _connected(_result, connection, *args, **kwargs):
    state = _state(connection)
    state.since = clock.mono()
    state.carried = 0
    state.peer = None
    call = _open_call(connection)
    if call is not None:
        # The innermost of two classes has the socket, the outermost has TLS upon it: the later one counts.
        call.exchange.attributes.pop("flakescope.http.connection_reused", None)
        call.connected()


def _wait(connection, *args, **kwargs):
    # urllib3 before 2 asks with an argument of Python 2 first, and again without it when that is refused.
    call = None if args or kwargs else _open_call(connection)
    if call is not None:
        call.whole()
        call.inside += 1
    return call


def _answered(call, response, error, *args, **kwargs):
    call.inside -= 1
    if error is not None:
        call.failed(error)
    elif not call.exchange.done:
        call.respond(response)


def _close(connection, *args, **kwargs):
    call = _open_call(connection)
    if call is not None:
        call.closed()


def _made(_result, response, *args, **kwargs):
    if type(response.fp) is io.BufferedReader:
        response.fp = tee.Reader(response.fp.detach())
