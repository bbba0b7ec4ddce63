"""Incoming requests of the servers that are written in Python: `http.server` (with it the servers of werkzeug and Flask),
wsgiref (with it Django's), uvicorn, waitress and aiohttp."""

import sys

from . import exchange, frames
from .http_serve import Served

_KEY = "_flakescope_served"
_recorder = None


def _prepare(recorder):
    global _recorder
    exchange.prepare(recorder)
    _recorder = recorder


def _open(owner):
    """The request that `owner` is at, or None."""
    served = vars(owner).get(_KEY)
    return None if served is None or served.done else served


def _finish(owner, *args, **kwargs):
    served = _open(owner)
    if served is not None:
        served.over()


def _handled(owner, _result, error, *args, **kwargs):
    served = _open(owner)
    if served is not None:
        served.over(error)


def install_http(recorder, module):
    """`module` is `http.server`, just imported."""
    import socketserver

    _prepare(recorder)
    handler = module.BaseHTTPRequestHandler
    frames.after(handler, "parse_request", _parsed)
    frames.before(handler, "send_response_only", _status)
    frames.before(handler, "send_header", _header)
    frames.around(handler, "handle_one_request", lambda owner: owner, _handled)
    # Who handles a connection in its own way is done with it here.
    frames.before(socketserver.StreamRequestHandler, "finish", _finish)
    # An error of a handler is printed with its traceback.
    frames.before(socketserver.BaseServer, "handle_error", lambda *args: frames.strip(sys.exc_info()[1]))


def _parsed(is_well, handler):
    _finish(handler)
    if not is_well:
        return
    server = handler.connection.getsockname() if hasattr(handler, "connection") else None
    handler.__dict__[_KEY] = Served(
        _recorder, str(handler.command), str(handler.path), handler.request_version, handler.headers.items(),
        client=handler.client_address, server=server, secure=hasattr(getattr(handler, "connection", None), "cipher"),
    )


def _status(handler, code, *args, **kwargs):
    served = _open(handler)
    # Provisional answers go before the real one.
    if served is not None and int(code) >= 200:
        served.answers(code)


def _header(handler, name, value, *args, **kwargs):
    served = _open(handler)
    if served is not None:
        served.header(name, value)


def install_wsgiref(recorder, module):
    """`module` is `wsgiref.simple_server`, just imported."""
    frames.before(module.ServerHandler, "close", _wsgi_over)


def _wsgi_over(handler, *args, **kwargs):
    request = getattr(handler, "request_handler", None)
    served = request and _open(request)
    if not served:
        return
    if handler.status:
        served.answers(str(handler.status).split(" ", 1)[0], handler.headers.items() if handler.headers else ())
    served.over()


def install_uvicorn(recorder, module):
    """`module` is one of uvicorn's two protocols, just imported."""
    _prepare(recorder)
    frames.around_async(module.RequestResponseCycle, "run_asgi", _asgi, _asgi_over)
    frames.before(module.RequestResponseCycle, "send", _asgi_sends)


def _asgi(cycle, *args, **kwargs):
    scope = cycle.scope
    query = scope.get("query_string", b"").decode("latin-1")
    path = scope.get("raw_path", b"").decode("latin-1") or scope["path"]
    served = Served(
        _recorder, scope["method"], path + ("?" + query if query else ""), scope.get("http_version"), _decoded(scope["headers"]),
        client=scope.get("client"), server=scope.get("server"), secure=scope.get("scheme") == "https",
    )
    cycle.__dict__[_KEY] = served
    return served


def _asgi_sends(cycle, message, *args, **kwargs):
    served = _open(cycle)
    if served is not None and message.get("type") == "http.response.start":
        served.answers(message["status"], _decoded(message.get("headers", ())))


def _asgi_over(served, _result, _error, *args, **kwargs):
    served.over()


def _decoded(headers):
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def install_waitress(recorder, module):
    """`module` is `waitress.task`, just imported."""
    _prepare(recorder)
    frames.around(module.Task, "service", _task, _task_over)


def _task(task, *args, **kwargs):
    request, channel = task.request, task.channel
    headers = [(name.replace("_", "-").lower(), value) for name, value in request.headers.items()]
    target = request.path + ("?" + request.query if request.query else "")
    return Served(
        _recorder, request.command, target, request.version, headers,
        client=channel.addr, server=channel.socket.getsockname(), secure=request.url_scheme == "https",
    )


def _task_over(served, _result, _error, task, *args, **kwargs):
    if task.wrote_header:
        served.answers(str(task.status).split(" ", 1)[0], task.response_headers)
    served.over()


def install_aiohttp(recorder, module):
    """`module` is `aiohttp.web_protocol`, just imported."""
    _prepare(recorder)
    frames.around_async(module.RequestHandler, "_handle_request", _web, _web_over)


def _web(protocol, request, *args, **kwargs):
    transport = request.transport
    place = (lambda name: transport.get_extra_info(name)) if transport is not None else (lambda name: None)
    version = "{}.{}".format(*request.version)
    headers = [(name.decode("latin-1"), value.decode("utf-8", "surrogateescape")) for name, value in request.raw_headers]
    return Served(
        _recorder, request.method, request.path_qs, version, headers,
        client=place("peername"), server=place("sockname"), secure=request.secure,
    )


def _web_over(served, result, error, *args, **kwargs):
    response = result[0] if isinstance(result, tuple) else result
    if error is None and response is not None:
        served.answers(response.status, [(str(name), str(value)) for name, value in response.headers.items()])
    served.over()
